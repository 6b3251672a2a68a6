# Move licenses of Wingtip Toys
#
# Written by the plan of November 24, 2026. Read it before you run it. Without -Run it changes nothing: it shows what it would do and writes it to a log.
# It needs the Microsoft Graph PowerShell modules and somebody who may assign licenses (License Administrator).
#
# - It moves licenses that were assigned to a user directly, old and new in one request, so that nobody is without one.
# - It doesn't touch licenses that come from a group; it names the users and the groups.
# - It stops before the first change where free licenses don't suffice.
# - Services that were switched off stay off where the new product has them too.
#
# Rules of (version), planner 0.1.0, fingerprint of the paste sha256:4475bfa40229.

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

$mode = if ($Run) { 'Run: licenses are moved.' } else { 'Dry run: nothing is changed. Run again with -Run to move the licenses.' }
Write-Log $mode

$scopes = @('User.Read.All', 'Group.Read.All', 'Organization.Read.All')
if ($Run) { $scopes += 'LicenseAssignment.ReadWrite.All' }
Connect-MgGraph -TenantId $TenantId -Scopes $scopes -NoWelcome
$found = (Get-MgContext).TenantId
if ($found -ne $TenantId) {
    Stop-Here ('Signed in to the tenant {0}, but the plan is for {1}. Nothing was changed.' -f $found, $TenantId)
}

$skus = @{}
foreach ($sku in Get-MgSubscribedSku -All) { $skus["$($sku.SkuId)"] = $sku }
$groups = @{}
$free = @{}
$planned = @()
$skipped = 0

foreach ($move in $Moves) {
    Write-Log ('{0} to {1}:' -f $move.Old, $move.New)
    $new = $skus[$move.NewSkuId]
    if ($null -eq $new -or $new.CapabilityStatus -ne 'Enabled') {
        Stop-Here ('The tenant has no usable licenses of {0}. Buy them first. Nothing was changed.' -f $move.New)
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
                Write-Log ('  {0} has the old license from the group {1}: not touched. Change the group''s licenses instead.' -f $name, $group)
            }
            $skipped++
            continue
        }
        if (-not $user.UsageLocation) {
            Write-Log ('  {0} has no usage location, so no license can be assigned: not touched.' -f $name)
            $skipped++
            continue
        }
        $newStates = @(Get-State $user $move.NewSkuId)
        $wrong = @($newStates | Where-Object { $_.State -ne 'Active' })
        if ($wrong.Count -gt 0) {
            $state = $wrong[0].State
            Write-Log ('  {0} has the new license, but with an error ({1}): not touched.' -f $name, $state)
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
                Write-Log ('  {0}: {1} services that were switched off don''t exist in the new product. Check that nothing unwanted is on.' -f $name, $lost)
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
    Write-Log ('  {0} users have the old license directly, {1} of them need a new one, {2} are free.' -f $direct, $needed, $left)
    if ($needed -gt $left) {
        Stop-Here ('Free licenses don''t suffice: {0} of {1}, {2} needed. Nothing was changed.' -f $left, $move.New, $needed)
    }
    $free[$move.NewSkuId] = $left - $needed
}

$moved = 0
$failed = 0
foreach ($one in $planned) {
    $name = $one.Name
    if (-not $Run) {
        Write-Log ('  {0} would move.' -f $name)
        $moved++
        continue
    }
    $add = @()
    if (-not $one.HasNew) {
        $add = @(@{ SkuId = $one.Move.NewSkuId; DisabledPlans = @($one.Disabled) })
    }
    try {
        Set-MgUserLicense -UserId $one.Id -AddLicenses $add -RemoveLicenses @($one.Move.OldSkuId) | Out-Null
        Write-Log ('  {0} moved.' -f $name)
        $moved++
    }
    catch {
        $message = $_.Exception.Message
        Write-Log ('  {0} could not be moved: {1}' -f $name, $message)
        $failed++
    }
}

if ($Run) {
    Write-Log ('Finished: {0} users moved, {1} failed, {2} left as they are.' -f $moved, $failed, $skipped)
}
else {
    Write-Log ('Dry run finished: {0} users would move, {1} are left as they are.' -f $moved, $skipped)
}
Write-Log ('Log: {0}' -f $LogPath)
if ($failed -gt 0) { exit 1 }
