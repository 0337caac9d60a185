"""Makes ``methods.json`` and the manifest's schema from a folder of Slack's public reference.

    python gather.py FOLDER

FOLDER holds ``methods/NAME.json`` (one a Web API method) and ``manifest.schema.2.0.0.json``.
Kept are the facts the double checks: arguments with their types, errors, scopes and tiers;
Slack's descriptions are left out. ``beyond.json`` beside it is written by hand.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCHEMA = "manifest.schema.2.0.0.json"


def facts(page: dict[str, Any]) -> dict[str, Any]:
    """Return what the double needs of one method's page."""
    args = {
        name: {"type": arg.get("type", ""), "required": bool(arg.get("required"))}
        for name, arg in page["args"].items()
    }
    scopes = [scope["name"] for scope in page["scopes"].get("bot", [])]
    tier = page["rate_limit"]["label"].partition(":")[0]
    return {"args": args, "errors": sorted(page["errors"]), "scopes": scopes, "tier": tier}


def main(source: Path) -> None:
    """Write the tests' own copy."""
    pages = sorted((source / "methods").glob("*.json"))
    methods = {page.stem: facts(json.loads(page.read_text())) for page in pages}
    (HERE / "methods.json").write_text(json.dumps(methods, indent=1, sort_keys=True) + "\n")
    (HERE / SCHEMA).write_text((source / SCHEMA).read_text())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
