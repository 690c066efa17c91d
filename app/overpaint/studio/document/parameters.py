"""What the user asks for beside the pictures: the parameters, the fields of prompts, and the endpoint."""

from collections.abc import Iterable, Mapping

from overpaint.core.request import prompt_syntax as words
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.studio.event import Changes


class Parameters:
    """``changed`` carries the API names of the parameters that are others than before, and ``fields``,
    ``endpoint`` or ``prices``. ``revision`` rises with every change."""

    def __init__(self, table: ModelTable, params: EditParams) -> None:
        self.table = table
        self.revision = 0
        self.changed = Changes()
        self._params = params
        self._fields: dict[str, str] = {}
        self._endpoint = EndpointProfile("")

    @property
    def params(self) -> EditParams:
        """The parameters as they stand, the prompt as it was written."""
        return self._params

    @property
    def fields(self) -> Mapping[str, str]:
        """What was typed for the fields of prompts, by their names."""
        return self._fields

    @property
    def endpoint(self) -> EndpointProfile:
        """Where edits are sent."""
        return self._endpoint

    @property
    def models(self) -> tuple[str, ...]:
        """Model names worth offering: the endpoint's own, otherwise the table's."""
        return self._endpoint.models or self.table.offered()

    def set(self, **changes: object) -> None:
        """Changes parameters by their API names."""
        self._put(self._params.replace(**changes), self._fields)

    def fill_prompt_fields(self, values: Mapping[str, str]) -> None:
        """Fills in fields of prompts, by their names; the others stay as they are."""
        sound = {name: value.encode(errors="replace").decode() for name, value in values.items()}
        self._put(self._params, {**self._fields, **sound})

    def follow_names(self, names: Mapping[str, str]) -> None:
        """Keeps prompt and fields naming the same pictures, whose new names stand by their old ones."""
        prompt = words.renamed(self._params.prompt, names)
        fields = {field: words.renamed(value, names) for field, value in self._fields.items()}
        self._put(self._params.replace(prompt=prompt), fields)

    def use_endpoint(self, profile: EndpointProfile) -> None:
        """Sends edits to another endpoint, which may offer other models and prices."""
        if profile != self._endpoint:
            self._endpoint = profile
            self._tell({"endpoint"})

    def prices_changed(self) -> None:
        """Tells that the table of models has other prices."""
        self._tell({"prices"})

    def _put(self, params: EditParams, fields: dict[str, str]) -> None:
        before, self._params = self._params, params
        changed = {one for one in params.__struct_fields__ if getattr(before, one) != getattr(params, one)}
        if fields != self._fields:
            self._fields = fields
            changed.add("fields")
        if changed:
            self._tell(changed)

    def _tell(self, names: Iterable[str]) -> None:
        self.revision += 1
        self.changed.emit(frozenset(names))
