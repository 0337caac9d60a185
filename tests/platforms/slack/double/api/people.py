"""users.*, usergroups.*, team.info, bots.info, auth.test and auth.teams.list: who there is."""

from double.api.channels import needs_team
from double.calls import Call, method
from double.paging import page
from double.shapes import Json, Refused
from double.world import User


def described(call: Call, user: User) -> Json:
    """Return a person as the installation may see him."""
    email = "users:read.email" in call.installation.scopes and user.role != "stranger"
    return user.shown(locale=bool(call.args.get("include_locale")), email=email)


@method("users.info")
def info(call: Call) -> Json:
    """Describe one person."""
    return {"user": described(call, call.state.user(call.args["user"], call.installation))}


@method("users.list")
def list_all(call: Call) -> Json:
    """List the people of a workspace, the deactivated and the bots among them."""
    needs_team(call)
    team = call.args.get("team_id") or call.installation.team
    found = [one for one in call.state.users.values() if one.team == team and not one.invisible]
    part, more = page(found, call.args, otherwise=200)
    return {"members": [described(call, one) for one in part], **more}


@method("users.lookupByEmail")
def lookup(call: Call) -> Json:
    """Find a person by his address; the deactivated are not found."""
    for one in call.state.users.values():
        mine = call.installation.covers(one.team) and not one.deleted and one.role != "bot"
        if mine and one.email.lower() == call.args["email"].lower():
            return {"user": described(call, one)}
    raise Refused("users_not_found")


@method("usergroups.list")
def groups(call: Call) -> Json:
    """List the named groups of a workspace."""
    needs_team(call)
    team = call.args.get("team_id") or call.installation.team
    found = []
    for one in call.state.groups.values():
        if one.team == team:
            group: Json = {"id": one.id, "team_id": one.team, "handle": one.handle}
            group |= {"name": one.handle, "date_delete": 0}
            if call.args.get("include_users"):
                group["users"] = list(one.users)
            if call.args.get("include_count"):
                group["user_count"] = len(one.users)
            found.append(group)
    return {"usergroups": found}


@method("usergroups.users.list")
def group_users(call: Call) -> Json:
    """List the people of one group."""
    group = call.state.groups.get(call.args["usergroup"])
    if group is None or not call.installation.covers(group.team):
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}


@method("team.info")
def team(call: Call) -> Json:
    """Describe a workspace."""
    asked = call.args.get("team") or call.installation.team
    found = call.state.teams.get(asked)
    if found is None or not call.installation.covers(found.id):
        raise Refused("team_not_found")
    said: Json = {"id": found.id, "name": found.name, "domain": found.domain}
    if found.enterprise:
        said |= {"enterprise_id": found.enterprise.id, "enterprise_name": found.enterprise.name}
    return {"team": said}


@method("bots.info")
def bot(call: Call) -> Json:
    """Describe the bot."""
    if call.args.get("bot") not in (None, call.installation.bot_id):
        raise Refused("bot_not_found")
    said = {"id": call.installation.bot_id, "app_id": call.state.app.id, "deleted": False}
    return {"bot": said | {"user_id": call.installation.bot_user, "name": "trivselsbot"}}


@method("auth.test")
def test(call: Call) -> Json:
    """Say whose token this is."""
    one, state = call.installation, call.state
    team = state.teams.get(one.team)
    said: Json = {
        "url": f"https://{team.domain if team else 'organisation'}.slack.example/",
        "team": team.name if team else "",
        "team_id": one.team or one.enterprise,
        "user": "trivselsbot",
        "user_id": one.bot_user,
        "bot_id": one.bot_id,
        "is_enterprise_install": not one.team,
    }
    enterprise = one.enterprise or (team.enterprise.id if team and team.enterprise else "")
    return said | ({"enterprise_id": enterprise} if enterprise else {})


@method("auth.teams.list")
def teams(call: Call) -> Json:
    """List the workspaces a token works in."""
    part, more = page(call.state.teams_of(call.installation), call.args)
    return {"teams": [{"id": one.id, "name": one.name} for one in part], **more}
