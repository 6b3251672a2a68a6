"""What flows through the planner: frozen values, one kind a stage.

``Subscription`` (one normalised line) → ``Recommendation`` → ``Plan``. Codes and
parameters only: every sentence is written later, in the reader's language.
Channels, paths and rule ids are those of ``data/rules``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

UNKNOWN = "unknown"

_DIGIT = re.compile(r"\d")
_GUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]{2,})+")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One pasted line, normalised. A fact that the paste doesn't give is ``unknown``.

    Attributes:
        line: Line of the paste on which it starts, or its place in a JSON list; from 1.
        channel: Where it was bought: a code of ``data/rules/channels.yml``, ``CSP``
            (a partner, unclear which), ``CSP_LEGACY`` (legacy commerce, unclear whose).
        term: ISO 8601 duration (``P1M``, ``P1Y``, ``P3Y``), ``EA`` or ``unknown``.
        start: First day of the current term (UTC).
        end: Last paid day (UTC, inclusive; R-143).
        end_kind: What the printed day means: ``inclusive-last-day``, ``next-lifecycle``
            (the day after) or ``unknown`` (read as the day after: the earlier end).
        end_printed: The day as the source prints it.
        stage_end: Last day of the stage that an expired or disabled subscription is in.
        product_id: An id of the product, as its source prints it: it tells apart what
            shares a name.
        seats: Licences bought.
        assigned: Licences given to users, where the source says so of this subscription alone.
        unit_price: Price of one licence for one billing period, in ``currency``.
        currency: ISO 4217 code, or ``""``.
        offer: What can be bought in CSP instead: ``same``, ``different``,
            ``end-of-sale``, ``none``.
        covers: How many subscriptions this line stands for.
    """

    line: int
    customer: str = ""
    tenant_id: str = ""
    tenant_domain: str = ""
    subscription_id: str = ""
    parent_subscription_id: str = ""
    product: str = ""
    product_id: str = ""
    seats: int | None = None
    assigned: int | None = None
    unit_price: Decimal | None = None
    currency: str = ""
    channel: str = UNKNOWN
    billing_account: str = UNKNOWN
    product_type: str = UNKNOWN
    state: str = UNKNOWN
    term: str = UNKNOWN
    billing: str = UNKNOWN
    start: dt.date | None = None
    end: dt.date | None = None
    end_kind: str = "inclusive-last-day"
    end_printed: dt.date | None = None
    stage_end: dt.date | None = None
    auto_renew: str = UNKNOWN
    offer: str = UNKNOWN
    target_product: str = ""
    equivalent: str = UNKNOWN
    source_agrees: str = UNKNOWN
    relationship: str = UNKNOWN
    agreement_accepted: str = UNKNOWN
    partner_market: str = ""
    customer_market: str = ""
    cloud: str = UNKNOWN
    target_cloud: str = UNKNOWN
    segment: str = UNKNOWN
    qualification: str = UNKNOWN
    partner_type: str = UNKNOWN
    same_provider: str = UNKNOWN
    azure_agreement: str = UNKNOWN
    azure_expert_msp: str = UNKNOWN
    federated: str = UNKNOWN
    base_product: str = ""
    migration: str = UNKNOWN
    migration_refusal: str = ""
    new_start: dt.date | None = None
    transfer_request_created: dt.date | None = None
    access_request_sent: dt.date | None = None
    access_days: int | None = None
    covers: int = 1


def customer_of(line: Subscription) -> str:
    """Return what tells one customer's lines from another's: the tenant, else the name."""
    tenant = line.tenant_id if is_id(line.tenant_id) else ""
    return (tenant or line.customer or line.tenant_id).lower()


def is_id(text: str) -> bool:
    """Tell whether a text can tell one tenant or subscription from another.

    A word such as "pending" stands where no one knows the id yet, and a console cuts the end of
    long ones: two lines that say the same then needn't be one.
    """
    named = _DIGIT.search(text) or _DOMAIN.fullmatch(text)
    return bool(named) and not text.endswith(("...", "…"))


def is_guid(text: str) -> bool:
    """Tell whether a text is a GUID, which names one thing in all the world; zeros name nothing."""
    return bool(_GUID.fullmatch(text.lower())) and not {*text} <= {"0", "-"}


def guids_in(text: str) -> frozenset[str]:
    """Return every GUID that stands in a text, in lower case."""
    return frozenset(_GUID.findall(text.lower()))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something pasted that could not be used, and where it stands.

    Attributes:
        id: Key of the sentence that says what is wrong and the way out.
        line: First line of the paste it concerns, from 1; 0 where it is the whole paste.
        column: Header or key, as pasted.
        value: What stands there, as pasted.
        values: Further values for the sentence.
    """

    id: str
    line: int
    column: str = ""
    value: str = ""
    values: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One subscription as its source prints it, with the names that exports are compared by.

    Attributes:
        line: Line of its file on which it stands, or its place in a JSON list; from 1.
        state: ``active``, ``grace``, ``suspended``, ``disabled``, ``expired``, ``cancelled``,
            ``pending_cancel``, ``deleted``, ``pending``, ``locked_out``, ``converted``.
        channel: ``CSP-NCE``, ``CSP-legacy``, ``CSP``, ``Direct``, ``VL``, ``MPSA``, ``Open``,
            ``Open Value``, ``Trial``.
        term_end: The day as printed; ``term_end_kind`` says what it means
            (``inclusive_last_day``, ``next_lifecycle``, ``exclusive_instant``, ``unknown``).
        next_lifecycle_date: The day on which the subscription's present state ends.
        assigned: Licences given to users, of this subscription or of its product.
        unit_price: Price of one licence for one billing period, in ``currency``.
        warnings: Codes of ``data/formats/values.yml``: what to know about this row.
    """

    line: int
    customer_name: str | None = None
    tenant_id: str | None = None
    tenant_domain: str | None = None
    subscription_id: str | None = None
    parent_subscription_id: str | None = None
    product_name: str | None = None
    friendly_name: str | None = None
    nce_product_id: str | None = None
    nce_sku_id: str | None = None
    nce_availability_id: str | None = None
    legacy_offer_id: str | None = None
    sku_part_number: str | None = None
    sku_guid: str | None = None
    part_number: str | None = None
    channel: str | None = None
    reseller_id: str | None = None
    seats: int | None = None
    assigned: int | None = None
    state: str | None = None
    is_trial: bool | None = None
    auto_renew: bool | None = None
    start_date: dt.date | None = None
    term_end: dt.date | None = None
    term_end_kind: str | None = None
    next_lifecycle_date: dt.date | None = None
    term_duration: str | None = None
    billing_cycle: str | None = None
    unit_price: Decimal | None = None
    currency: str | None = None
    market: str | None = None
    source_format: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """What became of one column.

    Attributes:
        header: As pasted.
        fields: Fields that are read from it; none where nothing is.
        how: ``format`` (the format names it), ``header`` (its header says it), ``content``
            (its cells say it), ``reader`` (the reader chose), ``unknown``, ``unneeded``
            (another column counts first), ``ignored`` (the format has it, the plan doesn't
            need it), ``dropped`` (it lists people).
        order: For days: ``day-first``, ``month-first`` or ``year-first``; ``""`` where no cell
            needs it.
        order_by: Who says so: ``format``, ``values`` (one of them leaves no choice),
            ``neighbour`` (another column of the table), ``terms`` (only so do start, end and
            term fit), ``reader``; ``asked`` where nobody does.
    """

    header: str
    fields: tuple[str, ...]
    how: str
    order: str = ""
    order_by: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One table, list or JSON list of a paste, and what was understood of it.

    Attributes:
        number: From 1, over all files and pastes.
        name: Name of its file, and of its sheet where there are several; ``""`` for pasted text.
        encoding: Of its file.
        shape: ``table``, ``list`` or ``json``.
        format_id: ``""`` where nothing in it is known.
        how: ``recognised`` (by its signature), ``mapped`` (by headers), ``chosen`` (the reader
            changed the mapping), ``unrecognised``, ``hidden`` (on a hidden sheet of a workbook).
        signature: The headers or keys that showed the format, as pasted.
        role: What it is for: ``subscriptions``, ``counts`` (per product), ``customers``,
            ``prices``, ``offers``, ``usage``.
        counts: What its own numbers count: ``lines`` or ``entries``.
        before: What to take from a line's number to get its own number in this part.
        first: Lowest number of a line in it, ``last`` the highest.
        rows: How many rows were read.
        missing: Fields that the plan needs and no column holds; ``hint`` is the key of the
            sentence that says where to find them in that tool.
        customer: Whether the reader has to say whose subscriptions these are.
        customer_name: What they said; ``""`` for nothing.
    """

    number: int
    name: str
    encoding: str
    shape: str
    format_id: str
    how: str
    signature: tuple[str, ...]
    role: str
    counts: str
    before: int
    first: int
    last: int
    rows: int
    columns: tuple[ColumnRead, ...] = ()
    missing: tuple[str, ...] = ()
    hint: str = ""
    customer: bool = False
    customer_name: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader changed in how a paste is read.

    Attributes:
        columns: (number of the part, header) → field, or ``""`` to leave the column out.
        orders: (number of the part, header) → ``day-first``, ``month-first`` or ``year-first``.
        customers: Number of the part → name of the customer whose subscriptions it holds.
    """

    columns: Mapping[tuple[int, str], str] = field(default_factory=dict)
    orders: Mapping[tuple[int, str], str] = field(default_factory=dict)
    customers: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a paste.

    Attributes:
        format_id: Id of the format of the part with most rows, or ``""``.
        fingerprint: ``sha256:`` over the text with plain line feeds.
        subscriptions: In the order of the paste.
        set_aside: Lines that can't be planned, each with every reason found on it.
        notes: What to know about the paste as a whole, such as unknown columns.
        mapping: Field → column or key it was read from, as pasted.
        counts: What ``line`` numbers count: ``lines`` of text, or ``entries`` of a JSON list.
        unused: Columns or keys that no field was read from.
        as_of: The as-of day that every line of the paste names, if it does.
        rows: Every row as its source prints it, in the order of the paste.
        parts: What was understood of each table or list.
        merged: Line → earlier line that it adds to: a later charge, an earlier month, counts.
        places: Line → line of the paste, for the second and later subscription of one line.
        warned: Line → codes of ``data/formats/values.yml``: what to know about what it says.
        encoding: Of the part with most rows.
    """

    format_id: str
    fingerprint: str
    counts: str = "lines"
    subscriptions: tuple[Subscription, ...] = ()
    set_aside: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    mapping: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    as_of: dt.date | None = None
    rows: Sequence[Row] = ()
    parts: tuple[Part, ...] = ()
    merged: dict[int, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    warned: dict[int, tuple[str, ...]] = field(default_factory=dict)
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        id: Key of its sentence.
        on: Day to do it (UTC); ``None`` where it follows the step before, or the day isn't known.
        follows: It is done as soon as the step before it is.
        no_later_than: Last day on which it still helps (UTC).
        actor: Who does it.
        rules: Ids of the rules and policies it follows from.
    """

    id: str
    on: dt.date | None
    follows: bool
    no_later_than: dt.date | None
    actor: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A blocker or a warning, with the rules behind it."""

    id: str
    rules: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assumption:
    """What was taken for granted where the paste says nothing, and what to ask.

    Attributes:
        id: Key of its sentence and of its question.
        fact: The fact in question.
        assumed: Value taken; ``None`` where it stays unknown and the plan works without.
        choices: Values the fact can have; empty where it is a day or free text.
    """

    id: str
    fact: str
    assumed: str | None
    choices: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The one fact that would change the path: its question, the other value, the other path."""

    fact: str
    question: str
    value: str
    path: str


@dataclass(frozen=True, slots=True)
class Question:
    """One unknown that would change the answer, for all the lines that it concerns.

    Attributes:
        id: Key of its sentence; answers name it.
        choices: Values the fact can have; empty where it is a day.
        lines: Lines of the paste that it concerns.
    """

    id: str
    fact: str
    assumed: str | None
    choices: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Because:
    """A row that decided something: its id and the rules it rests on."""

    decision: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A path that a reader might expect, and the rules that rule it out."""

    path: str
    ruled_out_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do with one subscription.

    Attributes:
        path: Code of the path to take now.
        tone: How the path reads at a glance: ``go``, ``wait``, ``act``, ``blocked``, ``none``.
        then: Code of the path that follows, for a path that holds for now.
        regime: What happens after the term end: ``EST``, ``GRACE``, ``EA``, ``LEGACY``,
            ``TRIAL``, ``STRICT``; ``None`` for what isn't a licence.
        reassign: Whether licences have to be assigned anew.
        dates: Name → day (UTC), in the order of the plan.
        figures: Name → count or code that stands beside the dates.
        assumptions: What was taken for granted and would change the answer.
        overlap_days: Days paid for twice (F-06); ``None`` where no day is known.
        gap_days: Days without access (F-07).
        chosen: Code of the alternative that the reader chose; ``""``: what the rules recommend.
    """

    subscription: Subscription
    path: str
    tone: str
    then: str | None
    regime: str | None
    reassign: bool
    dates: dict[str, dt.date]
    figures: dict[str, int | str]
    steps: tuple[Step, ...]
    overlap_days: int | None
    gap_days: int | None
    blockers: tuple[Notice, ...]
    warnings: tuple[Notice, ...]
    assumptions: tuple[Assumption, ...]
    turning_point: TurningPoint | None
    because: tuple[Because, ...]
    instead_of: tuple[RuledOut, ...]
    optional: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One action, for every line it serves.

    Attributes:
        on: Day to do it (UTC), the earliest among its lines; ``None`` where it follows
            another step or the day isn't known.
        no_later_than: Earliest last day among its lines (UTC).
        lines: Lines of the paste it serves.
        customer: Whose lines they are, where it is done for one customer.
        after: Step that it follows as soon as that one is done; else ``""``.
        part: Which of several transfer requests it is about, from 1 (F-11); else 0.
        parts: How many transfer requests that customer's lines take; else 0.
        quiet: It needs nobody's decision: to know, no alarm.
    """

    on: dt.date | None
    no_later_than: dt.date | None
    step: str
    actor: str
    lines: tuple[int, ...]
    customer: str = ""
    after: str = ""
    part: int = 0
    parts: int = 0
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Relief:
    """The smallest change of the limits that would make room for one line.

    Attributes:
        limit: What to change: ``per-day``, ``per-week``, ``blackout`` or ``day-off``.
        day: The day to open or to widen; for a week its Monday.
        now: Cutovers allowed there now, earlier changes included; 0 for a closed day.
        then: Cutovers to allow there; 0 for a day that opens where none are counted.
    """

    limit: str
    day: dt.date
    now: int = 0
    then: int = 0


@dataclass(frozen=True, slots=True)
class Cutover:
    """The day on which one line changes over, within its own window.

    Attributes:
        recommended: Day that its own rules recommend (UTC).
        earliest: First day of its window.
        latest: Last day of its window; ``None`` where no rule sets one.
        on: Day given to it; ``None`` where the limits leave no room for it.
        wave: Number of its wave, from 1; 0 where nothing is done in waves.
        held_by: What keeps it from the day wanted: those of ``Relief.limit``, ``window``, or
            ``base`` (an add-on and its base exchanged or changed days).
        relief: Changes that would make room for it where there is none.
        term_ends: Last day of the new term, where a common end is wished (R-224).
        unaligned: Why the new term can't end on the day wished: a code; else ``""``.
    """

    line: int
    recommended: dt.date
    earliest: dt.date
    latest: dt.date | None
    on: dt.date | None
    wave: int = 0
    held_by: tuple[str, ...] = ()
    relief: tuple[Relief, ...] = ()
    term_ends: dt.date | None = None
    unaligned: str = ""


MONTH_END = "month-end"


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What the reader limits or wishes for the portfolio's cutovers.

    Attributes:
        per_day: Most cutovers on one day; ``None``: no limit.
        per_week: Most cutovers in one week, Monday to Sunday; ``None``: no limit.
        days_off: Weekdays without a cutover; 0 is Monday.
        blackout: Periods without a cutover, first and last day (UTC).
        wave_by: What moves together: ``customer``, ``product``, ``date``, or ``""``.
        wished: Day on which everything should be cut over.
        end_on: Day on which the new terms should end, or ``month-end`` (R-224).
    """

    per_day: int | None = None
    per_week: int | None = None
    days_off: tuple[int, ...] = ()
    blackout: tuple[tuple[dt.date, dt.date], ...] = ()
    wave_by: str = ""
    wished: dt.date | None = None
    end_on: dt.date | str | None = None


NO_LIMITS = Scheduling()


@dataclass(frozen=True, slots=True)
class Schedule:
    """When each line that is cut over changes over, and under which limits."""

    limits: Scheduling = NO_LIMITS
    cutovers: tuple[Cutover, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An alternative that the reader chose for a line.

    Attributes:
        key: Key of the line, as chosen.
        alternative: Code of the alternative.
        line: The line; 0 where no line has the key.
        refused_by: Rules that rule it out there; empty where the plan follows it.
    """

    key: str
    alternative: str
    line: int
    refused_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """What an alternative costs: beyond what is paid anyway, or in all.

    Attributes:
        low: Least amount, in ``currency``.
        high: Greatest amount.
        assumptions: Codes of what both rest on.
    """

    low: Decimal
    high: Decimal
    currency: str
    assumptions: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to handle a line, beside the others.

    Attributes:
        id: Code of the way.
        path: Path that it takes; ``""`` where it is ruled out.
        ruled_out_by: Rules that rule it out; empty where it is possible.
        recommended: The plan takes it by its own rules.
        chosen: The reader chose it.
        cutover: Day on which the new subscription is there or changes hands (UTC).
        paid_twice: Days that both subscriptions are paid for (F-06).
        uncovered: Days without access (F-07).
        locked_in: Days from the as-of day that the present term still binds.
        refund: Code of what comes back for the rest of the term.
        refund_rules: Rules that say so.
        refund_days: Days of the present term that the customer gets back or isn't billed;
            ``None`` where that isn't known, or there are none.
        seats_at_risk: Seats whose users can lose access or must be assigned anew.
        cost: What is paid twice, where prices are known.
        total: What both subscriptions cost from the as-of day to ``horizon``, in all.
        horizon: Last day that ``total`` counts (UTC): the same for all ways of a line.
        won_by: Codes of what speaks for the recommended one; else empty.
        decided_by: Rules of the row that recommends it; else empty.
        warnings: What can go wrong on this way.
        blockers: What stands in its way.
        planned: The line planned this way; ``None`` where it is ruled out.
    """

    id: str
    path: str
    ruled_out_by: tuple[str, ...] = ()
    recommended: bool = False
    chosen: bool = False
    cutover: dt.date | None = None
    paid_twice: int | None = None
    uncovered: int | None = None
    locked_in: int | None = None
    refund: str = ""
    refund_rules: tuple[str, ...] = ()
    refund_days: int | None = None
    seats_at_risk: int | None = None
    cost: Amount | None = None
    total: Amount | None = None
    horizon: dt.date | None = None
    won_by: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()
    blockers: tuple[Notice, ...] = ()
    planned: Recommendation | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that must not pass: the last day of a step, for the lines it serves."""

    day: dt.date
    step: str
    actor: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that follows from one paste on one day.

    Attributes:
        merged: Line → earlier line that names the same subscription (D-36).
        agenda: In the order of their days; gathered when first looked at.
        differing: Line merged → the fields in which it says something else than that line.
        deadlines: The next three, the earliest first.
        schedule: The day of each cutover.
        choices: Alternatives that the reader chose, followed or refused.
        keys: Line → key that tells it apart in another paste of the same subscriptions.
    """

    as_of: dt.date
    rules_version: str
    reading: Reading
    recommendations: tuple[Recommendation, ...]
    merged: dict[int, int]
    questions: tuple[Question, ...]
    agenda: Sequence[AgendaEntry]
    deadlines: tuple[Deadline, ...]
    differing: dict[int, tuple[str, ...]] = field(default_factory=dict)
    schedule: Schedule = Schedule()
    choices: tuple[Choice, ...] = ()
    keys: dict[int, str] = field(default_factory=dict)
    settings: Settings | None = None


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one license costs a month; ``currency`` is an ISO 4217 code."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the reader may set.

    Attributes:
        as_of: Day on which the plan is made (UTC).
        market: ISO 3166 code of the partner's market, or ``""``.
        policies: Policy figure (``P-02.relationship_request_lead``) → days.
        answers: Question id (``where-bought``) → the choice made.
        scheduling: Limits and wishes for the whole portfolio's cutovers.
        choices: Key of a line → code of the alternative, or of its path.
        prices: Key of a product in the catalogue → its price; ``""``: of all others. They
            count where a line has no price of its own.
    """

    as_of: dt.date
    market: str = ""
    policies: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    scheduling: Scheduling = NO_LIMITS
    choices: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, UnitPrice] = field(default_factory=dict)
