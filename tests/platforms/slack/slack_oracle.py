"""What is wrong with Block Kit, asked of sources that know nothing of the bot's renderer.

The double's own table of limits, ``slack_sdk``'s models, and a JSON schema made from npm's
``@slack/types`` (structure and unknown fields). None of them sees everything alone.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from double.blockkit import faults, too_large, view_faults
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]

SCHEMA = Path(__file__).parents[3] / "tools" / "slack" / "build" / "block-kit.schema.json"
MESSAGE_BYTES = 13_000
"""Above it Slack has answered ``msg_blocks_too_long``: https://github.com/slackapi/bolt-js/issues/2509"""
NOT_MODELLED = ("data_table", "data_visualization")


def in_message(blocks: Sequence[Json]) -> list[str]:
    """Return what is wrong with a message's blocks, limits and models; nothing is well."""
    listed = list(blocks)
    return [*faults(listed, "message"), *_twice(listed), *_too_long(listed), *_in_models(listed)]


def in_view(view: Json) -> list[str]:
    """Return what is wrong with a modal or a home tab, limits and models."""
    found = [*view_faults(view), *_twice(view["blocks"]), *_in_models(view["blocks"])]
    if too_large(view):
        found.append("the view is too large")
    try:
        rebuilt = View(**view).to_dict()
    except SlackObjectFormationError as error:
        return [*found, f"slack_sdk: {error}"]
    return found if rebuilt == view else [*found, f"slack_sdk reads another view: {rebuilt}"]


def in_structure(blocks: Sequence[Json], view: Json | None = None) -> list[str]:
    """Return what the schema finds wrong. Skips the test where it is not built, fails it in CI."""
    found = [line for block in blocks for line in _in_block(block)]
    if view is not None:
        kind = {"modal": "Modal", "home": "Home"}[view["type"]]
        found += _told(kind, {**view, "blocks": []})
    return found


def _in_block(block: Json) -> Iterator[str]:
    name = _names().get(str(block.get("type")))
    if name is None:
        yield f"no such block: {block.get('type')}"
    else:
        yield from _told(name, block)


def _told(name: str, part: Json) -> Iterator[str]:
    for error in _validator(name).iter_errors(part):
        yield f"{name} at {'/'.join(map(str, error.instance_path))}: {error.message}"


@cache
def _schema() -> Json:
    if not SCHEMA.is_file():
        line = "no schema of Block Kit: run `make slack-tools` (needs node and npm)"
        if os.environ.get("CI"):
            pytest.fail(line)
        pytest.skip(line)
    schema: Json = json.loads(SCHEMA.read_text("utf-8"))
    return schema


@cache
def _names() -> Mapping[str, str]:
    """Return the definition of each block by its type."""
    found = {}
    for name, one in _schema()["definitions"].items():
        shapes = one.get("anyOf", [one])
        kind = shapes[0].get("properties", {}).get("type", {}).get("const")
        if name.endswith("Block") and kind:
            found[kind] = name
    return found


@cache
def _validator(name: str) -> Any:
    definitions = _schema()["definitions"]
    rule = {"$ref": f"#/definitions/{name}", "definitions": definitions}
    return jsonschema_rs.Draft7Validator(rule)


def descriptions(name: str) -> Mapping[str, str]:
    """Return what the schema says in words of a definition's properties."""
    one = _schema()["definitions"][name]
    shape = one.get("anyOf", [one])[0]
    return {key: " ".join(str(said.get("description", "")).split())
            for key, said in shape["properties"].items()}  # fmt: skip


def _in_models(blocks: Sequence[Json]) -> Iterator[str]:
    for place, block in enumerate(blocks):
        if block["type"] in NOT_MODELLED:
            continue
        try:
            parsed = Block.parse(block)
            rebuilt = parsed.to_dict() if parsed else None
        except SlackObjectFormationError as error:
            yield f"slack_sdk: blocks[{place}]: {error}"
            continue
        if rebuilt != block:
            yield f"slack_sdk reads blocks[{place}] as {rebuilt}"


def _twice(blocks: Sequence[Json]) -> Iterator[str]:
    """Give ids that stand twice: Slack wants them unique in a block, the bot in a message."""
    seen: set[tuple[str, str]] = set()
    for block in blocks:
        inside = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for one in inside:
            if isinstance(one, dict) and "action_id" in one:
                key = (block.get("block_id", ""), one["action_id"])
                if key in seen:
                    yield f"action_id {one['action_id']} stands twice"
                seen.add(key)


def _too_long(blocks: Sequence[Json]) -> Iterator[str]:
    size = len(json.dumps(blocks, ensure_ascii=False).encode())
    if size > MESSAGE_BYTES:
        yield f"the blocks take {size} bytes together"
