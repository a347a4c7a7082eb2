"""Nodes and edges of one region as they are counted."""

from typing import Any, Dict, Iterable, List, Tuple

Edge = Tuple[str, str, str, str]


class Inventory:
    """Grows while a region is listed; an edge counts only if both ends are (or come to be) nodes."""

    def __init__(self) -> None:
        self.nodes: Dict[str, Dict[str, Dict[str, Any]]] = {}
        self._edges: List[Edge] = []

    @property
    def edges(self) -> List[Edge]:
        known = {(kind, key) for kind, nodes in self.nodes.items() for key in nodes}
        return sorted({e for e in self._edges if e[:2] in known and e[2:] in known})

    def node(self, kind: str, key: str, name: str, **properties: Any) -> None:
        self.nodes.setdefault(kind, {})[key] = {"name": name, **properties}

    def edge(self, from_kind: str, from_id: Any, to_kind: str, to_id: Any) -> None:
        self._edges.append((from_kind, str(from_id), to_kind, str(to_id)))

    def parents(self, kind: str, ids: Iterable[Any], to_kind: str, to_id: str) -> None:
        for key in ids:
            self.edge(kind, key, to_kind, to_id)


def tags_of(raw: Dict[str, Any], field: str = "Tags") -> Dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in raw.get(field) or []}


def name_tag(raw: Dict[str, Any], key: str) -> str:
    return tags_of(raw).get("Name", key)


def pages(client: Any, operation: str, field: str, **arguments: Any) -> List[Any]:
    """All of a list, whether boto3 knows how to page it or not."""
    if client.can_paginate(operation):
        return [
            raw
            for page in client.get_paginator(operation).paginate(**arguments)
            for raw in page.get(field, [])
        ]
    return getattr(client, operation)(**arguments).get(field, [])
