# Mover las licencias de Wingtip Toys
#
# Escrito a partir del plan del 24 de noviembre de 2026. Léelo antes de ejecutarlo. Sin -Run no cambia nada: muestra lo que haría y lo escribe en un registro.
# Necesita los módulos de PowerShell de Microsoft Graph y a alguien que pueda asignar licencias (administrador de licencias).
#
# - Mueve las licencias asignadas directamente a un usuario, la antigua y la nueva en una sola solicitud, para que nadie se quede sin ninguna.
# - No toca las licencias que vienen de un grupo; nombra a los usuarios y los grupos.
# - Se detiene antes del primer cambio si no hay licencias libres suficientes.
# - Los servicios que estaban desactivados siguen desactivados si el producto nuevo también los tiene.
#
# Reglas del (version), planificador 0.1.0, huella del texto pegado sha256:4475bfa40229.

#Requires -Version 5.1
#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Users, Microsoft.Graph.Users.Actions, Microsoft.Graph.Groups, Microsoft.Graph.Identity.DirectoryManagement

[CmdletBinding()]
param(
    [switch] $Run,
    [string] $TenantId = '11111111-2222-4333-8444-000000000003',
    [string] $LogPath = (Join-Path (Get-Location) ('move-licenses-{0:yyyyMMdd-HHmmss}.log' -f (Get-Date)))
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$Moves = @(
    [pscustomobject]@{
        Lines    = '5'
        Old      = 'Microsoft 365 E3'
        OldSkuId = '05e9a617-0261-4cee-bb44-138d3ef5d965'
        New      = 'Microsoft 365 Business Premium'
        NewSkuId = 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46'
    }
)

function Write-Log {
    param([string] $Text)
    Write-Host $Text
    $entry = '{0:yyyy-MM-ddTHH:mm:ssZ} {1}' -f (Get-Date).ToUniversalTime(), $Text
    Add-Content -LiteralPath $LogPath -Value $entry -Encoding UTF8
}

function Stop-Here {
    param([string] $Text)
    Write-Log $Text
    throw $Text
}

function Get-State {
    param($User, [string] $SkuId)
    $User.LicenseAssignmentStates | Where-Object { $_.SkuId -eq $SkuId }
}

$mode = if ($Run) { 'Ejecución: se mueven licencias.' } else { 'Simulación: no se cambia nada. Ejecuta de nuevo con -Run para mover las licencias.' }
Write-Log $mode

$scopes = @('User.Read.All', 'Group.Read.All', 'Organization.Read.All')
if ($Run) { $scopes += 'LicenseAssignment.ReadWrite.All' }
Connect-MgGraph -TenantId $TenantId -Scopes $scopes -NoWelcome
$found = (Get-MgContext).TenantId
if ($found -ne $TenantId) {
    Stop-Here ('La sesión está iniciada en el inquilino {0}, pero el plan es para {1}. No se ha cambiado nada.' -f $found, $TenantId)
}

$skus = @{}
foreach ($sku in Get-MgSubscribedSku -All) { $skus["$($sku.SkuId)"] = $sku }
$groups = @{}
$free = @{}
$planned = @()
$skipped = 0

foreach ($move in $Moves) {
    Write-Log ('De {0} a {1}:' -f $move.Old, $move.New)
    $new = $skus[$move.NewSkuId]
    if ($null -eq $new -or $new.CapabilityStatus -ne 'Enabled') {
        Stop-Here ('El inquilino no tiene licencias utilizables de {0}. Cómpralas antes. No se ha cambiado nada.' -f $move.New)
    }
    if (-not $free.ContainsKey($move.NewSkuId)) {
        $free[$move.NewSkuId] = $new.PrepaidUnits.Enabled - $new.ConsumedUnits
    }
    $newPlans = @($new.ServicePlans | ForEach-Object { "$($_.ServicePlanId)" })
    $filter = 'assignedLicenses/any(l:l/skuId eq {0})' -f $move.OldSkuId
    $properties = 'id', 'userPrincipalName', 'usageLocation', 'assignedLicenses', 'licenseAssignmentStates'
    $users = @(Get-MgUser -All -Filter $filter -ConsistencyLevel eventual -CountVariable userCount -Property $properties)

    $direct = 0
    $needed = 0
    foreach ($user in $users) {
        $name = $user.UserPrincipalName
        $states = @(Get-State $user $move.OldSkuId)
        $inherited = @($states | Where-Object { $_.AssignedByGroup })
        if ($inherited.Count -gt 0) {
            foreach ($state in $inherited) {
                $id = "$($state.AssignedByGroup)"
                if (-not $groups.ContainsKey($id)) {
                    $groups[$id] = (Get-MgGroup -GroupId $id -Property 'displayName').DisplayName
                }
                $group = '{0} ({1})' -f $groups[$id], $id
                Write-Log ('  {0} tiene la licencia antigua por el grupo {1}: no se toca. Cambia las licencias del grupo.' -f $name, $group)
            }
            $skipped++
            continue
        }
        if (-not $user.UsageLocation) {
            Write-Log ('  {0} no tiene ubicación de uso, así que no se le puede asignar ninguna licencia: no se toca.' -f $name)
            $skipped++
            continue
        }
        $newStates = @(Get-State $user $move.NewSkuId)
        $wrong = @($newStates | Where-Object { $_.State -ne 'Active' })
        if ($wrong.Count -gt 0) {
            $state = $wrong[0].State
            Write-Log ('  {0} tiene la licencia nueva, pero con un error ({1}): no se toca.' -f $name, $state)
            $skipped++
            continue
        }
        $direct++
        $hasNew = $newStates.Count -gt 0
        $off = @($states | ForEach-Object { $_.DisabledPlans } | Where-Object { $_ } | ForEach-Object { "$_" } | Select-Object -Unique)
        $kept = @($off | Where-Object { $newPlans -contains $_ })
        if (-not $hasNew) {
            $needed++
            if ($kept.Count -lt $off.Count) {
                $lost = $off.Count - $kept.Count
                Write-Log ('  {0}: servicios que estaban desactivados y no existen en el producto nuevo: {1}. Comprueba que no quede activado nada no deseado.' -f $name, $lost)
            }
        }
        $planned += [pscustomobject]@{
            Id       = $user.Id
            Name     = $name
            Move     = $move
            HasNew   = $hasNew
            Disabled = $kept
        }
    }

    $left = $free[$move.NewSkuId]
    Write-Log ('  Usuarios con la licencia antigua asignada directamente: {0}; necesitan una nueva: {1}; licencias libres: {2}.' -f $direct, $needed, $left)
    if ($needed -gt $left) {
        Stop-Here ('No hay licencias libres suficientes de {0}: hay {1} y hacen falta {2}. No se ha cambiado nada.' -f $move.New, $left, $needed)
    }
    $free[$move.NewSkuId] = $left - $needed
}

$moved = 0
$failed = 0
foreach ($one in $planned) {
    $name = $one.Name
    if (-not $Run) {
        Write-Log ('  {0} se movería.' -f $name)
        $moved++
        continue
    }
    $add = @()
    if (-not $one.HasNew) {
        $add = @(@{ SkuId = $one.Move.NewSkuId; DisabledPlans = @($one.Disabled) })
    }
    try {
        Set-MgUserLicense -UserId $one.Id -AddLicenses $add -RemoveLicenses @($one.Move.OldSkuId) | Out-Null
        Write-Log ('  {0} se ha movido.' -f $name)
        $moved++
    }
    catch {
        $message = $_.Exception.Message
        Write-Log ('  {0} no se ha podido mover: {1}' -f $name, $message)
        $failed++
    }
}

if ($Run) {
    Write-Log ('Terminado. Usuarios movidos: {0}; con error: {1}; que se quedan como están: {2}.' -f $moved, $failed, $skipped)
}
else {
    Write-Log ('Simulación terminada. Usuarios que se moverían: {0}; que se quedan como están: {1}.' -f $moved, $skipped)
}
Write-Log ('Registro: {0}' -f $LogPath)
if ($failed -gt 0) { exit 1 }
