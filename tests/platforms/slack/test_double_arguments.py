"""Each method takes what Slack's reference names, in the types it names, and nothing else."""

import pytest
from double import SlackDouble
from double.calls import ANONYMOUS, APP_LEVEL, HANDLERS
from double.checking import arguments
from double.reference import Argument, Method, methods
from double.shapes import Refused
from slack_listener import refusal
from slack_sdk.web.async_client import AsyncWebClient

PLAUSIBLE: dict[str, object] = {
    "": "x", "string": "x", "boolean": True, "integer": 7, "number": 7, "array": [],
}  # fmt: skip
SHAPED: dict[str, object] = {
    "view": {"type": "home", "blocks": []},
    "blocks": [],
    "attachments": [],
    "metadata": {},
}
WRONG: dict[str, object] = {"string": 7, "boolean": "perhaps", "integer": "soon", "array": 7}


def plausible(name: str, argument: Argument) -> object:
    return SHAPED.get(name, PLAUSIBLE[argument.type])


def required(method: Method) -> dict[str, object]:
    return {name: plausible(name, one) for name, one in method.args.items() if one.required}


def fault(method: Method, args: dict[str, object]) -> Refused:
    with pytest.raises(Refused) as refused:
        arguments(method, args)
    return refused.value


def test_every_method_of_the_reference_is_played() -> None:
    assert set(HANDLERS) == set(methods())


@pytest.mark.parametrize("method", methods().values(), ids=methods())
def test_what_the_reference_requires_is_enough(method: Method) -> None:
    assert arguments(method, required(method)) == required(method)


@pytest.mark.parametrize("method", methods().values(), ids=methods())
def test_an_unknown_argument_is_wrong(method: Method) -> None:
    found = fault(method, required(method) | {"colour": "red"})
    assert found.error == "invalid_arguments"
    assert f"colour is not an argument of {method.name}" in found.wrong


@pytest.mark.parametrize(
    ("method", "name"),
    [(one, name) for one in methods().values() for name, arg in one.args.items() if arg.required],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_a_missing_argument_is_wrong(method: Method, name: str) -> None:
    args = required(method)
    del args[name]
    assert fault(method, args).wrong == f"missing required field: {name}"


@pytest.mark.parametrize(
    ("method", "name"),
    [
        (one, name)
        for one in methods().values()
        for name, arg in one.args.items()
        if arg.type in WRONG and name not in SHAPED
    ],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_a_wrong_type_is_wrong(method: Method, name: str) -> None:
    found = fault(method, required(method) | {name: WRONG[method.args[name].type]})
    assert found.wrong.startswith(f"{name} must be")


def test_all_faults_are_said_at_once() -> None:
    found = fault(methods()["chat.update"], {"channel": 7, "colour": "red", "blocks": "[nonsense"})
    assert len(found.messages) == 4


def test_no_fault_quotes_the_value() -> None:
    found = fault(methods()["chat.update"], {"channel": "C1", "ts": 1.2, "blocks": "{secret"})
    assert "secret" not in str(found.body())


def test_forms_and_json_say_the_same() -> None:
    method = methods()["conversations.history"]
    as_form = arguments(method, {"channel": "C1", "limit": "20", "include_all_metadata": "1"})
    as_json = arguments(method, {"channel": "C1", "limit": 20, "include_all_metadata": True})
    assert as_form == as_json


async def test_a_wrong_call_is_refused_over_the_wire_and_fails_the_test(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    assert await refusal(client, "users.info", colour="red") == "invalid_arguments"
    (violation,) = slack.forgive("invalid_arguments")
    assert violation.where == "users.info"


async def test_a_method_slack_does_not_have_is_refused(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    assert await refusal(client, "chat.shout", text="hej") == "unknown_method"
    slack.forgive("unknown_method")


async def test_a_body_that_is_not_json_is_refused(slack: SlackDouble) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    headers = {"Content-Type": "application/json"}
    with pytest.raises(Exception, match="invalid_arguments"):
        await client.api_call("auth.test", data="{nonsense", headers=headers)  # type: ignore[arg-type]
    slack.forgive("invalid_arguments")


@pytest.mark.parametrize("name", sorted(set(methods()) - {*ANONYMOUS, *APP_LEVEL}))
async def test_no_method_answers_without_a_token(slack: SlackDouble, name: str) -> None:
    stranger = AsyncWebClient("", base_url=slack.api_url)
    assert await refusal(stranger, name) == "not_authed"
    slack.forgive("not_authed")


@pytest.mark.parametrize("name", [name for name, one in methods().items() if one.scopes])
async def test_every_method_needs_one_of_its_scopes(slack: SlackDouble, name: str) -> None:
    slack.installation().scopes.difference_update(methods()[name].scopes)
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    assert await refusal(client, name) == "missing_scope"


async def test_a_scope_the_manifest_never_asked_for_is_a_violation(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    slack.app.scopes = slack.app.scopes - {"users:read"}
    slack.installation().scopes.discard("users:read")
    assert await refusal(client, "users.info", user="U1") == "missing_scope"
    slack.forgive("missing_scope")
