"""What a message template may do, and what can be said of one without filling it.

A template knows text, ``{{ value }}``, ``{{ value|filter }}``, ``{% if %}`` with comparisons, and
``{% for %}`` over a list; everything else is refused here, before it could reach the ``sandbox``.
Filling and caching: ``words``; which keys there are: ``messages``.
"""

from collections.abc import Collection, Iterator

from jinja2 import TemplateSyntaxError, nodes

from bot.content.faults import Code
from bot.content.formats import FILTERS
from bot.content.quick_study import quick_study
from bot.content.sandbox import PlainSandbox
from bot.content.studies import FILTER_USES, Study, Use


def study(template: str, values: Collection[str], sandbox: PlainSandbox) -> Study:
    """Return what ``template``, which may name ``values``, does and what is wrong with it.

    Nearly all messages are read without Jinja's parser, which takes thirty times as long for the
    same answer and would alone make a start slow.
    """
    return quick_study(template, values) or full_study(template, values, sandbox)


def full_study(template: str, values: Collection[str], sandbox: PlainSandbox) -> Study:
    """Return what any template does, as Jinja itself reads it."""
    found = Study()
    try:
        tree = sandbox.parse(template)
    except TemplateSyntaxError as error:
        found.problems.append((Code.TEMPLATE_SYNTAX, f"line {error.lineno}: {error.message}"))
        return found
    _Walk(found, values, tree).walk()
    return found


_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Filter,
    nodes.If,
    nodes.For,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.List,
    nodes.Tuple,
)
_ORDERINGS = frozenset({"gt", "gteq", "lt", "lteq"})


class _Walk:
    """Goes through a parsed template once and writes what it finds into a study."""

    def __init__(self, found: Study, values: Collection[str], tree: nodes.Template) -> None:
        self._found = found
        self._values = values
        self._tree = tree
        self._own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
        """Names a loop gives."""

    def walk(self) -> None:
        """Note the uses, then what must not stand there."""
        for node in _everything(self._tree):
            if not isinstance(node, _ALLOWED):
                what = f"line {node.lineno}: a message cannot use “{type(node).__name__}”"
                self._problem(Code.TEMPLATE_FORBIDDEN, what)
            elif isinstance(node, nodes.Name):
                self._name(node)
            elif isinstance(node, nodes.Filter):
                self._filter(node)
            elif isinstance(node, nodes.Compare):
                self._compare(node)
            elif isinstance(node, nodes.For):
                self._loop(node)
            elif isinstance(node, nodes.Output):
                self._output(node)

    def _problem(self, code: Code, text: str) -> None:
        if (code, text) not in self._found.problems:
            self._found.problems.append((code, text))

    def _name(self, node: nodes.Name) -> None:
        if node.name not in self._own and node.name not in self._values:
            known = ", ".join(self._values) or "(none)"
            text = f"“{node.name}” is no value of this message; it has: {known}"
            self._problem(Code.UNKNOWN_VALUE, text)

    def _filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS:
            text = f"“{node.name}” is no filter; there are: {', '.join(FILTERS)}"
            self._problem(Code.UNKNOWN_FILTER, text)
        elif not isinstance(node.node, nodes.Name):
            self._problem(Code.TEMPLATE_FORBIDDEN, f"“{node.name}” must follow a value's name")
        elif not _plain_arguments(node):
            self._problem(Code.TEMPLATE_FORBIDDEN, f"“{node.name}” does not take these arguments")
        else:
            self._found.take(node.node.name, FILTER_USES[node.name])

    def _compare(self, node: nodes.Compare) -> None:
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        names = [side.name for side in sides if isinstance(side, nodes.Name)]
        ordered = any(operand.op in _ORDERINGS for operand in node.ops)
        for value in _constants(sides):
            for name in names:
                if isinstance(value, str):
                    self._found.choices.setdefault(name, set()).add(value)
                else:
                    ordered = True
        for name in names if ordered else ():
            self._found.take(name, Use.NUMBER)

    def _loop(self, node: nodes.For) -> None:
        self._found.loops = True
        if isinstance(node.iter, nodes.Name) and isinstance(node.target, nodes.Name):
            self._found.take(node.iter.name, Use.LIST)
        else:
            self._problem(Code.TEMPLATE_FORBIDDEN, "a loop goes over one list: for one in list")

    def _output(self, node: nodes.Output) -> None:
        for part in node.nodes:
            for piece in _written(part):
                if isinstance(piece, nodes.TemplateData):
                    self._found.literal += len(piece.data)
                elif isinstance(piece, nodes.Const):
                    self._found.literal += len(str(piece.value))
                elif isinstance(piece, nodes.Name):
                    self._found.write(piece.name, None)
                elif isinstance(piece, nodes.Filter) and isinstance(piece.node, nodes.Name):
                    self._found.outputs.append((piece.node.name, piece.name))


def _everything(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _everything(child)


def _plain_arguments(node: nodes.Filter) -> bool:
    """Tell whether a filter has no arguments, or is a ``join`` with its separator."""
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return False
    if not node.args:
        return True
    return node.name == "join" and len(node.args) == 1 and isinstance(node.args[0], nodes.Const)


def _constants(sides: list[nodes.Expr]) -> Iterator[object]:
    for side in sides:
        for part in _everything(side):
            if isinstance(part, nodes.Const):
                yield part.value


def _written(part: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what an output may write: both ends of a choice, but not its condition."""
    if isinstance(part, nodes.CondExpr):
        yield from _written(part.expr1)
        if part.expr2 is not None:
            yield from _written(part.expr2)
    else:
        yield part
