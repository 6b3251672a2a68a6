"""What Python practises with while nobody asks it anything."""

from planner.knowledge import Knowledge
from planner.planning import plan_pasted, today
from planner.practice import practice_lists


def test_every_line_to_practise_with_is_planned_and_every_channel_is_among_them(
    knowledge: Knowledge,
) -> None:
    channels: set[str] = set()
    for text in practice_lists(knowledge, today()):
        plan = plan_pasted(text, None, knowledge)
        assert plan.as_of == today()
        assert len(plan.recommendations) == text.count("\n") - 1
        channels.update(one.subscription.channel for one in plan.recommendations)
    assert channels == set(knowledge.channels)
