"""Pictures: asked for, sent up, completed, shared; shown in blocks once Slack has them ready."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from double import Channel, SlackDouble
from slack_listener import refusal
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock

PICTURE = b"\x89PNG not really"


@pytest.fixture
def care(slack: SlackDouble) -> Channel:
    return slack.channel("care", slack.person("anna"))


def picture(file_id: str) -> dict[str, object]:
    return {"type": "image", "alt_text": "x", "slack_file": {"id": file_id}}


async def test_a_picture_is_shared_with_its_alt_text(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    said = await client.files_upload_v2(
        content=PICTURE,
        filename="chart.png",
        title="Trivsel",
        alt_txt="Tre søjler",
        channel=care.id,
        initial_comment="Se her",
    )
    file = slack.state.files[said["files"][0]["id"]]
    assert (file.body, file.alt_text, file.title) == (PICTURE, "Tre søjler", "Trivsel")
    (message,) = slack.messages(care)
    assert (message.text, message.files) == ("Se her", [file.id])
    assert (await client.files_info(file=file.id))["file"]["channels"] == [care.id]


async def test_a_picture_that_is_not_shared_can_stand_in_a_block(
    client: AsyncWebClient, care: Channel
) -> None:
    said = await client.files_upload_v2(content=PICTURE, filename="chart.png", alt_txt="x")
    block = picture(said["files"][0]["id"])
    await client.chat_postMessage(channel=care.id, text="x", blocks=[block])


async def test_a_picture_cannot_stand_in_a_block_before_it_is_ready(
    slack: SlackDouble, client: AsyncWebClient, care: Channel, clock: MovableClock
) -> None:
    slack.state.file_processing = timedelta(seconds=2)
    said = await client.files_upload_v2(content=PICTURE, filename="chart.png", alt_txt="x")
    file = said["files"][0]["id"]
    args: dict[str, Any] = {"channel": care.id, "text": "x", "blocks": [picture(file)]}
    assert await refusal(client, "chat.postMessage", **args) == "invalid_blocks"
    assert (await client.files_info(file=file))["file"]["mimetype"] == ""
    slack.forgive("invalid_blocks")
    clock.move_to(clock.now() + timedelta(seconds=2))
    assert (await client.files_info(file=file))["file"]["mimetype"] == "image/png"
    await client.chat_postMessage(**args)


async def test_a_deleted_picture_is_gone(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    said = await client.files_upload_v2(content=PICTURE, filename="chart.png", alt_txt="x")
    file = said["files"][0]["id"]
    await client.files_delete(file=file)
    assert await refusal(client, "files.info", file=file) == "file_deleted"
    args = {"channel": care.id, "text": "x", "blocks": [picture(file)]}
    assert await refusal(client, "chat.postMessage", **args) == "invalid_blocks"
    slack.forgive("invalid_blocks")


async def test_the_bytes_must_be_those_announced(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    asked = await client.files_getUploadURLExternal(filename="a.png", length=5)
    async with httpx.AsyncClient(trust_env=False, verify=False) as plain:
        answer = await plain.post(str(asked["upload_url"]), content=b"1234")
        assert answer.status_code == 400
        assert (await plain.post(str(asked["upload_url"]), content=b"12345")).status_code == 200
        assert (await plain.post(str(asked["upload_url"]), content=b"12345")).status_code == 404
    slack.forgive("file_update_failed")
    slack.forgive("file_not_found")


async def test_an_upload_is_completed_once_and_after_its_bytes(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    asked = await client.files_getUploadURLExternal(filename="a.png", length=5)
    files = [{"id": asked["file_id"]}]
    assert await refusal(client, "files.completeUploadExternal", files=files) == "file_not_found"
    wrong = [{"id": asked["file_id"], "colour": "red"}]
    assert await refusal(client, "files.completeUploadExternal", files=wrong) == (
        "invalid_arguments"
    )
    slack.forgive("file_not_found")
    slack.forgive("invalid_arguments")


async def test_a_picture_is_shared_only_where_the_bot_is(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    outside = slack.channel("outside", bot=False)
    with pytest.raises(Exception, match="not_in_channel"):
        await client.files_upload_v2(
            content=PICTURE, filename="a.png", alt_txt="x", channel=outside.id
        )


async def test_an_upload_needs_a_length_and_a_short_alt_text(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    ask = "files.getUploadURLExternal"
    assert await refusal(client, ask, filename="a.png", length=0) == "missing_argument"
    long = await refusal(client, ask, filename="a.png", length=1, alt_txt="x" * 1_001)
    assert long == "alt_txt_too_large"
    slack.forgive("missing_argument")
    slack.forgive("alt_txt_too_large")
