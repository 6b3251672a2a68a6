"""The catalogue: what is found, what isn't, and what stays a question."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from planner.knowledge import Knowledge
from planner.model import Settings
from planner.planning import plan
from planner.products import Catalogue, How, Match, Product
from planner.reading import read
from planner.writing.contract import plan_object

Found = Callable[[str], Match]


@pytest.fixture(scope="session")
def catalogue(knowledge: Knowledge) -> Catalogue:
    return knowledge.catalogue


@pytest.fixture(scope="session")
def found(catalogue: Catalogue) -> Found:
    return catalogue.find


def keys(match: Match) -> list[str]:
    return [product.key for product in match.products]


def ids_of(product: Product) -> list[str]:
    """Every id that names one product, in each form that a catalogue can give."""
    nce = [
        f"{one.product}:{one.sku}"
        for one in product.nce
        if one.sku and one.confidence != "name-join-ambiguous"
    ]
    return [one for one in (product.graph_sku, *product.legacy_offers, *nce) if one]


E3 = "enterprisepack"
PREMIUM = "spb"


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("6fd2c87f-b296-42f0-b197-1e91e994b900", E3),
        ("6FD2C87F-B296-42F0-B197-1E91E994B900", E3),
        ("{6fd2c87f-b296-42f0-b197-1e91e994b900}", E3),
        ("29e8bb5c-1111-4222-8333-444455556666_6fd2c87f-b296-42f0-b197-1e91e994b900", E3),
        ("796B6B5F-613C-4E24-A17C-EBA730D49C02", E3),
        ("ENTERPRISEPACK", E3),
        ("enterprisepack", E3),
        ("contoso:ENTERPRISEPACK", E3),
        ("CFQ7TTC0LF8R:0001", E3),
        ("CFQ7TTC0LF8R:1", E3),
        ("CFQ7TTC0LF8R/0001", E3),
        ("cfq7ttc0lf8r:0001", E3),
        ("CFQ7TTC0LF8R:0001_P1Y:Annual", E3),
        ("CFQ7TTC0LF8R:0001:P1Y:M", E3),
        ("CFQ7TTC0LF8R:0001:CFQ7TTC0K0RP", E3),
        ("P1Y:CFQ7TTC0LCHC:0002", PREMIUM),
        ("P1Y:CFQ7TTC0LCHC:0002:1:", PREMIUM),
        ("P1M:CFQ7TTC0LCHC:0002:1:", PREMIUM),
        ("CFQ7TTC0LCHC:0002:CFQ7TTC0K971", PREMIUM),
        ("USCFQ7TTC0LCHC0002", PREMIUM),
        (" SPB ", PREMIUM),
        ("Microsoft_365_Business_Premium_(no Teams)", "microsoft-365-business-premium-no-teams"),
        ("CFQ7TTC0LH18:P", "microsoft-365-business-basic-no-teams"),
        # What the part numbers say isn't what the products are called.
        ("O365_BUSINESS_PREMIUM", "o365-business-premium"),
        ("SPE_F1", "spe-f1"),
        ("PROJECTPREMIUM", "projectpremium"),
    ],
)
def test_a_product_is_found_by_an_id_in_every_printed_form(
    printed: str, key: str, found: Found
) -> None:
    match = found(printed)

    assert (match.how, keys(match)) == (How.EXACT, [key])


@pytest.mark.parametrize(
    "printed",
    [
        "39NFJQT1PGVJ:003D:39NFJQT1Q5RX",  # a promotion
        "CFQ7TTC0LCHC:0099",  # a SKU that no source gives
        "CFQ7TTC0ZZZZ:0001",
        "MS-AZR-0003P",
        "00000000-0000-0000-0000-000000000000",
        "",
        " ",
        ":",
        "Annual",
        "Trial",
        "Microsoft",
        "(no Teams)",
    ],
)
def test_what_is_in_no_list_is_unknown(printed: str, found: Found) -> None:
    assert found(printed) == Match(How.UNKNOWN, trial=printed == "Trial")


def test_a_text_too_long_for_a_product_is_unknown_at_once(found: Found) -> None:
    assert found("annual " * 100_000 + "x") == Match(How.UNKNOWN)
    assert found("CFQ7TTC0LF8R:0001" + ":" * 100_000) == Match(How.UNKNOWN)


def test_every_product_is_found_by_each_of_its_ids(catalogue: Catalogue) -> None:
    missed = [
        (product.key, one)
        for product in catalogue.products
        for one in ids_of(product)
        if catalogue.find(one) != Match(How.EXACT, (product,))
    ]

    assert missed == []


def test_every_product_is_found_by_its_part_number_title_and_aliases(catalogue: Catalogue) -> None:
    missed = [
        (product.key, name)
        for product in catalogue.products
        for name in (product.part_number, product.title, product.title.upper(), *product.aliases)
        if name and product not in catalogue.find(name).products
    ]

    assert missed == []


def test_no_id_belongs_to_two_products(catalogue: Catalogue) -> None:
    owners: dict[str, set[str]] = {}
    for product in catalogue.products:
        for one in ids_of(product):
            owners.setdefault(one.lower(), set()).add(product.key)

    assert {one: names for one, names in owners.items() if len(names) > 1} == {}
    assert len({product.key for product in catalogue.products}) == len(catalogue.products)


def test_what_shares_a_title_stays_ambiguous(found: Found) -> None:
    match = found("Microsoft 365 Business Basic")

    assert match.how is How.AMBIGUOUS
    assert match.product is None
    assert keys(match) == ["o365-business-essentials", "smb-business-essentials"]
    assert match.agreed(lambda product: product.seat_cap) == "business"
    assert match.agreed(lambda product: product.part_number) is None


@pytest.mark.parametrize(
    ("printed", "possible"),
    [
        # Sources disagree about this SKU, and so the product is one of two.
        ("CFQ7TTC0LF8S:0002", ["enterprisepremium-nopstnconf", "enterprisepremium"]),
        # No source gives the SKU of this product.
        ("CFQ7TTC0LH0J:0001", ["exchangearchive-addon"]),
        ("CFQ7TTC0LH0J", ["exchangearchive-addon"]),
        ("MCOPSTN5", ["mcopstn5-domestic-small", "mcopstn5-120-minutes"]),
        # The name of one product today, and of another until 2020.
        ("Microsoft 365 F1", ["m365-f1", "m365-f1-comm", "spe-f1"]),
        ("Microsoft 365 Empresa Básico", ["o365-business-essentials", "smb-business-essentials"]),
        ("Aplicaciones de Microsoft 365 para negocios", ["o365-business", "smb-business"]),
    ],
)
def test_what_could_be_two_products_stays_ambiguous(
    printed: str, possible: list[str], found: Found
) -> None:
    match = found(printed)

    assert match.how is How.AMBIGUOUS
    assert sorted(keys(match)) == sorted(possible)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("OFFICE 365 E3", E3),
        ("Office\u00a0365\u202fE3", E3),
        ("Office 365® E3", E3),
        ("O365 E3", E3),
        ("Microsoft Office 365 E3", E3),
        ("Office 365 Enterprise E3", E3),
        ("Office 365 E3 - Annual", E3),
        ("Office 365 E3 (Monthly)", E3),
        ("Office 365 E3 [New Commerce Experience]", E3),
        ("MS NCE OFFICE 365 E3", E3),
        ("Office 365 E3 (Extended Service Term)", E3),
        ("M365 Business Premium", PREMIUM),
        ("Exchange Online Plan 1", "exchangestandard"),
        ("Exchange Online (P1)", "exchangestandard"),
        ("Enterprise Mobility & Security E3", "ems"),
        ("Entra ID P1", "aad-premium"),
        ("Azure AD Premium P1", "aad-premium"),
        ("Dynamics 365 Sales Enterprise", "dyn365-enterprise-sales"),
        ("Microsoft 365 Business Premium w/o Teams", "microsoft-365-business-premium-no-teams"),
        # Names of former years.
        ("Office 365 Business Premium", "o365-business-premium"),
        ("Microsoft 365 Business", PREMIUM),
        # Microsoft's names in Spanish.
        ("Microsoft 365 Empresa Premium", PREMIUM),
        ("Microsoft 365 Empresa Estándar (anual)", "o365-business-premium"),
        ("M365 Empresa Estandar", "o365-business-premium"),
        ("Office 365 Empresa Premium", "o365-business-premium"),
        ("Microsoft 365 Empresa Premium (sin Teams)", "microsoft-365-business-premium-no-teams"),
        ("Aplicaciones de Microsoft 365 para empresas", "officesubscription"),
        ("Microsoft Defender para Office 365 (plan 1)", "atp-enterprise"),
        ("Microsoft Defender para Empresas", "mde-smb"),
        ("Planner y Project Plan 3", "projectprofessional"),
    ],
)
def test_a_title_is_found_in_any_case_and_with_noise(written: str, key: str, found: Found) -> None:
    match = found(written)

    assert match.how in {How.EXACT, How.ALIAS}
    assert keys(match) == [key]


@pytest.mark.parametrize(
    ("written", "key", "segment"),
    [
        ("Microsoft 365 Business Premium (Nonprofit Staff Pricing)", PREMIUM, "nonprofit"),
        ("Microsoft 365 Business Premium (Non-Profit Pricing)", PREMIUM, "nonprofit"),
        (
            "Office 365 A3 (Education Faculty Pricing)",
            "enterprisepackplus-faculty",
            "education",
        ),
        (
            "Office 365 A3 (Education Student Pricing)",
            "enterprisepackplus-student",
            "education",
        ),
        ("Office 365 G3 (GCC)", "enterprisepack-gov", "gcc"),
    ],
)
def test_the_edition_in_a_title_counts(written: str, key: str, segment: str, found: Found) -> None:
    match = found(written)

    assert (keys(match), match.segment) == ([key], segment)


def test_an_edition_that_the_catalogue_lacks_is_not_its_commercial_product(found: Found) -> None:
    match = found("Visio Plan 1 (Education Student Pricing)")

    assert (match.how, match.segment) == (How.UNKNOWN, "education")


def test_a_trial_of_a_product_is_told_from_the_product(found: Found) -> None:
    match = found("Microsoft 365 Business Premium trial")

    assert (keys(match), match.trial) == ([PREMIUM], True)
    assert keys(found("Microsoft Teams Trial")) == ["ms-teams-iw"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Microsoft 365 Business Standard", "Microsoft 365 Business Premium"),
        ("Microsoft 365 E3", "Microsoft 365 E5"),
        ("Microsoft 365 E3", "Office 365 E3"),
        ("Microsoft 365 E3", "Microsoft 365 E3 (no Teams)"),
        ("Microsoft 365 E3", "Microsoft 365 E3 EEA (no Teams)"),
        ("Exchange Online (Plan 1)", "Exchange Online (Plan 2)"),
        ("Microsoft Entra ID P1", "Microsoft Entra ID P2"),
        ("Office 365 A1 for faculty", "Office 365 A1 for students"),
        ("Office 365 A1 for faculty", "Office 365 A1 Plus for faculty"),
        ("Office 365 E3", "Office 365 E3 Developer"),
        ("Office 365 E5", "Office 365 E5 without Audio Conferencing"),
        ("Clipchamp Premium", "Clipchamp Premium Add-on"),
        ("Power BI Pro", "Power BI Pro for GCC"),
        ("Microsoft Teams Phone Standard", "Microsoft Teams Phone Standard_USGOV_DOD"),
        ("Microsoft Teams Rooms Pro", "Microsoft Teams Rooms Basic"),
    ],
)
def test_a_word_that_changes_the_product_counts(one: str, other: str, found: Found) -> None:
    assert found(one).products
    assert found(other).products
    assert not set(keys(found(one))) & set(keys(found(other)))


@pytest.mark.parametrize(
    "loose",
    [
        "Business Premium",
        "Microsoft 365",
        "Microsoft 365 E4",
        "Microsoft Teams",
        "Exchange Online",
        "Visio",
        "Visio Plan 3",
        "Microsoft 365 Business Premium (no Copilot)",
        "Microsoft 365 Business Premium + Defender",
        "Microsoft Teams Phone Standard (add-on)",
        "Office 365 E3 (21V)",
        "(end-of-sale suite)",
    ],
)
def test_a_loose_name_is_no_match(loose: str, found: Found) -> None:
    assert found(loose).how is How.UNKNOWN


def test_business_products_have_the_cap_and_others_do_not(catalogue: Catalogue) -> None:
    capped = {product.title for product in catalogue.products if product.seat_cap == "business"}

    assert {"Microsoft 365 Business Basic", "Microsoft 365 Apps for Business"} <= capped
    assert not [title for title in capped if "Voice" in title or "Enterprise" in title]


def test_successors_are_products_and_sources_are_listed(
    catalogue: Catalogue, knowledge: Knowledge
) -> None:
    known = {product.key for product in catalogue.products}
    sources = knowledge.tree["products"]["sources"]["sources"].keys()

    for product in catalogue.products:
        assert set(product.successors) <= known
        cited = {*product.sources, *product.successor_evidence}
        assert (cited | set(product.sale.evidence if product.sale else ())) <= sources


def test_a_product_is_off_sale_from_the_day_of_its_rule(found: Found) -> None:
    product = found("Project Online Essentials").product

    assert product
    assert product.off_sale_on(dt.date(2025, 9, 30)) == ""
    assert product.off_sale_on(dt.date(2025, 10, 1)) == "R-408"


def test_suites_with_teams_are_on_sale_again(found: Found) -> None:
    for name in ("Microsoft 365 E3", "Microsoft 365 E5", "Office 365 E1", "Office 365 E3"):
        product = found(name).product
        assert product
        assert product.sale
        assert product.sale.status == "resumed"
        assert product.off_sale_on(dt.date(2026, 11, 23)) == ""


LINE = {
    "channel": "WEB_MCA",
    "seats": 10,
    "term": "P1Y",
    "start": "2026-03-01",
    "end": "2027-02-28",
    "status": "active",
    "market": "US/US",
}


def noted(one: dict[str, Any], part: str) -> list[str]:
    return [entry["id"] for entry in one[part]]


def test_an_id_is_shown_as_its_title_and_a_name_as_it_stands(knowledge: Knowledge) -> None:
    pasted = [{"product": name} for name in ("SPB", "CFQ7TTC0LCHC:2", "O365 E3", "Visio", "E3")]

    lines = read(json.dumps(pasted), knowledge).subscriptions

    assert [line.product for line in lines] == [
        "Microsoft 365 Business Premium",
        "Microsoft 365 Business Premium",
        "O365 E3",
        "Visio",
        "E3",
    ]
    assert [line.product_id for line in lines] == ["SPB", "CFQ7TTC0LCHC:2", "", "", ""]


def test_graph_names_a_product_by_its_id_where_the_part_number_is_missing(
    knowledge: Knowledge,
) -> None:
    line = {
        "skuId": "CBDC14AB-D96C-4C30-B9F4-6ADA7CDC1D46",
        "skuPartNumber": None,
        "totalLicenses": 5,
        "status": "Enabled",
        "nextLifecycleDateTime": "2027-02-15T00:00:00Z",
    }

    (read_line,) = read(json.dumps({"value": [line]}), knowledge).subscriptions

    assert read_line.product == "Microsoft 365 Business Premium"


def test_a_free_product_is_not_moved_and_nothing_is_asked(recommend: Any) -> None:
    for product in ("FLOW_FREE", "Microsoft Fabric (Free) for faculty"):
        one = recommend(**{**LINE, "channel": "", "product": product, "seats": 10000})

        assert one["path"] == "NO_MOVE"
        assert one["because"][0]["decision"] == "P-16"
        assert noted(one, "warnings") == ["free-product"]
        assert (one["blockers"], one["questions"], one["steps"]) == ([], [], [])


def test_a_free_product_stays_free_where_graph_says_that_it_is_no_trial(
    knowledge: Knowledge,
) -> None:
    line = {
        "skuPartNumber": "FLOW_FREE",
        "totalLicenses": 10000,
        "status": "Enabled",
        "isTrial": False,
        "nextLifecycleDateTime": None,
    }

    made = plan_object(
        plan(json.dumps({"value": [line]}), Settings(dt.date(2026, 11, 23)), knowledge)
    )

    assert [one["path"] for one in made["recommendations"]] == ["NO_MOVE"]


@pytest.mark.parametrize(
    "product", ["Microsoft Teams Exploratory", "Microsoft 365 Business Premium Trial"]
)
def test_a_trial_is_planned_as_one_unless_the_paste_says_otherwise(
    product: str, recommend: Any
) -> None:
    assert recommend(**LINE, product=product)["path"] == "BUY_PAID_BEFORE_END"
    stated = recommend(**LINE, product=product, product_type="license")
    assert stated["path"] == "MANUAL_AT_TERM_END"


@pytest.mark.parametrize(
    ("product", "blocker"),
    [
        ("Microsoft 365 A3 for Faculty", "segment-qualification"),
        ("Microsoft 365 Business Premium (Nonprofit Staff Pricing)", "segment-qualification"),
        ("Office 365 G3 GCC", "gcc-validation"),
    ],
)
def test_the_title_gives_the_segment_where_the_paste_does_not(
    product: str, blocker: str, recommend: Any
) -> None:
    assert blocker in noted(recommend(**LINE, product=product), "blockers")
    stated = recommend(**LINE, product=product, segment="commercial")
    assert blocker not in noted(stated, "blockers")


def test_the_segment_is_that_of_the_product_to_be_bought(recommend: Any) -> None:
    one = recommend(
        **LINE, product="Microsoft 365 E3", csp_sku="different: Microsoft 365 A3 for Faculty"
    )

    assert "segment-qualification" in noted(one, "blockers")


def test_the_cap_is_that_of_the_product_to_be_bought(recommend: Any) -> None:
    line = {**LINE, "seats": 320}
    down = recommend(**line, product="Office 365 E3", csp_sku="different: SPB")
    up = recommend(**line, product="SPB", csp_sku="different: Microsoft 365 E3")

    assert "seat-cap" in noted(down, "blockers")
    assert "seat-cap" not in noted(up, "blockers")


def test_a_product_off_sale_is_assumed_off_sale_and_said_with_its_source(recommend: Any) -> None:
    one = recommend(**LINE, product="Project Online Essentials")

    assert {"id": "off-sale", "fact": "offer", "assumed": "end-of-sale"}.items() <= (
        one["assumptions"][0].items()
    )
    (said,) = [entry for entry in one["warnings"] if entry["id"] == "off-sale-project-online"]
    assert "R-408" in said["rules"]
    assert one["reassign"] is True


def test_an_offer_that_the_paste_states_stands(recommend: Any) -> None:
    one = recommend(**LINE, product="Project Online Essentials", csp_sku="same")

    assert "off-sale" not in noted(one, "assumptions")
    assert one["reassign"] is False
    assert "off-sale-project-online" in noted(one, "warnings")


def test_a_product_is_not_off_sale_before_its_day(recommend: Any) -> None:
    one = recommend(
        dt.date(2025, 6, 1),
        **{**LINE, "start": "2025-03-01", "end": "2026-02-28"},
        product="Project Online Essentials",
    )

    assert "off-sale" not in noted(one, "assumptions")


def test_an_id_tells_apart_what_shares_a_name(recommend: Any) -> None:
    by_id = recommend(**LINE, product="DYN365_CUSTOMER_INSIGHTS_ATTACH")
    by_name = recommend(**LINE, product="Dynamics 365 Customer Insights Attach")

    assert by_id["subscription"]["product"] == by_name["subscription"]["product"]
    assert "off-sale" in noted(by_id, "assumptions")
    assert "off-sale" not in noted(by_name, "assumptions")


def test_an_add_on_without_a_base_asks_for_one(recommend: Any) -> None:
    line = {**LINE, "product": "Microsoft 365 F5 Security Add-on"}

    assert "add-on-needs-base" in noted(recommend(**line), "warnings")
    with_base = recommend(**line, base="Microsoft 365 F3")
    assert "add-on-needs-base" not in noted(with_base, "warnings")


def test_the_catalogue_is_built_once_for_all_days(knowledge: Knowledge) -> None:
    assert knowledge.on(dt.date(2026, 1, 1)).catalogue is knowledge.catalogue


RECONCILIATION = (
    "CustomerId,CustomerName,ProductId,SkuId,SkuName,SubscriptionId,ChargeType,"
    "TermAndBillingCycle,SubscriptionEndDate,Quantity\n"
)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("DZH318Z0BPS6,0001,Azure plan,,new,,,1", "AZURE_PARTNER_TRANSFER"),
        ("DG7GMGF0FKZV,0003,Windows Server 2022 Standard,,new,,,2", "NO_MOVE_SOFTWARE"),
        # Software with a term is a subscription.
        (
            "DG7GMGF0FKZV,0003,Server,s1,new,One-Year commitment for yearly billing,10/2/2027,2",
            "PARTNER_TRANSFER",
        ),
    ],
)
def test_azure_and_software_on_an_invoice_are_not_moved_as_licenses(
    line: str, path: str, plan_of: Any
) -> None:
    (one,) = plan_of(f"{RECONCILIATION}t1,Contoso,{line}\n").recommendations

    assert one.path == path


def test_azure_in_legacy_commerce_is_moved_as_azure(plan_of: Any) -> None:
    text = (
        "TENANT ID,TENANT NAME,SUBSCRIPTION ID,STOCK CODE,STOCK DESCRIPTION,QTY,STATUS,"
        "REVALUATION PERIOD\nt1,Contoso,s1,MS-AZR-0145P,MS AZURE PLAN,1,Active,\n"
    )

    (one,) = plan_of(text).recommendations

    assert one.path == "AZURE_MOVE_RESOURCES"
