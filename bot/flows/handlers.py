"""Every action and form there is, by name, and what answers it."""

from collections.abc import Mapping

from bot.flows import channels, commands, comments, group_actions, preferences
from bot.flows.actions import edit as action_edit
from bot.flows.actions import moves as action_moves
from bot.flows.desk import Handler
from bot.flows.dialogues import ask as dialogue_ask
from bot.flows.dialogues import lead as dialogue_lead
from bot.flows.dialogues import meeting as dialogue_meeting
from bot.flows.dialogues import start as dialogue_start
from bot.flows.dialogues import vote as dialogue_vote
from bot.flows.dialogues import words as dialogue_words
from bot.flows.effects import adjust as effect_adjust
from bot.flows.effects import decide as effect_decide
from bot.flows.escalations import answering as escalation_answer
from bot.flows.escalations import passing_on as escalation
from bot.flows.programmes import plan as programme_plan
from bot.flows.results import guide
from bot.flows.rounds import ask_actions, sheet_actions
from bot.flows.teams import plan as team_plan
from bot.flows.teams import roles as team_roles
from bot.flows.teams import rules as team_rules
from bot.flows.teams import start as team_start

HANDLERS: Mapping[str, Handler] = {
    **ask_actions.HANDLERS,
    **sheet_actions.HANDLERS,
    **preferences.HANDLERS,
    **commands.HANDLERS,
    **team_start.HANDLERS,
    **team_plan.HANDLERS,
    **team_rules.HANDLERS,
    **team_roles.HANDLERS,
    **channels.HANDLERS,
    **comments.HANDLERS,
    **group_actions.HANDLERS,
    **programme_plan.HANDLERS,
    **escalation.HANDLERS,
    **escalation_answer.HANDLERS,
    **action_edit.HANDLERS,
    **action_moves.HANDLERS,
    **effect_adjust.HANDLERS,
    **effect_decide.HANDLERS,
    **guide.HANDLERS,
    **dialogue_start.HANDLERS,
    **dialogue_ask.HANDLERS,
    **dialogue_vote.HANDLERS,
    **dialogue_meeting.HANDLERS,
    **dialogue_lead.HANDLERS,
    **dialogue_words.HANDLERS,
}
