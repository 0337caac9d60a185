"""The Web API's methods, one module a family; importing them declares them."""

from double.api import channels, chat, files, oauth, people, scheduling, views

__all__ = ["channels", "chat", "files", "oauth", "people", "scheduling", "views"]
