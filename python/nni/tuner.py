"""The class that custom tuners extend."""

from __future__ import annotations

from polyphase.host.calls import fitting

from .exceptions import NoMoreTrialError, TunerWaiting
from .recoverable import Recoverable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Tuner(Recoverable):
    """Proposes parameters and learns from results; ``trial_job_id`` says of each phase which trial job it is in.

    Methods get those of the keyword arguments that they take, by name or by ``**kwargs``.
    """

    def update_search_space(self, search_space: Any) -> None:
        """Called before anything else, and again when a person changes the space; ``{}`` where there is none."""
        raise NotImplementedError("Tuner: update_search_space is not implemented")

    def generate_parameters(self, parameter_id: int, **kwargs: Any) -> Any:
        """The parameters of one phase: anything with a JSON form.

        May raise :class:`nni.NoMoreTrialError`, or :class:`nni.TunerWaiting` to be asked again after the next result.
        ``trial_job_id``: who asks. ``parameter_index``, where the method names it: 0 for the job's first phase.
        """
        raise NotImplementedError("Tuner: generate_parameters is not implemented")

    def generate_multiple_parameters(self, parameter_id_list: list[int], **kwargs: Any) -> list[Any]:
        """The parameters of the first phases of trial jobs, in order; fewer than asked for where there are no more.

        ``trial_job_id``: who asks, a list where several are asked for. ``st_callback(parameter_id, parameters)``
        answers later what is left out of the list.
        """
        job = kwargs.pop("trial_job_id", None)
        jobs = job if isinstance(job, list) else [job] * len(parameter_id_list)
        generated = Exhausted()
        for parameter_id, trial_job_id in zip(parameter_id_list, jobs):
            offered = dict(kwargs, **({} if trial_job_id is None else {"trial_job_id": trial_job_id}))
            taken = fitting(self.generate_parameters, 1, offered)
            try:
                generated.append(self.generate_parameters(parameter_id, **taken))
            except NoMoreTrialError:
                return generated
            except TunerWaiting:
                generated.waiting = True
                return generated
        return list(generated)

    def receive_trial_result(self, parameter_id: int, parameters: Any, value: Any, **kwargs: Any) -> None:
        """A final result. ``parameters``: what the tuner proposed. ``customized``: whether a person did."""
        raise NotImplementedError("Tuner: receive_trial_result is not implemented")

    def trial_end(self, parameter_id: int, success: bool, **kwargs: Any) -> None:
        """A phase has ended, each one exactly once; with ``success`` where it has a final result."""

    def import_data(self, data: list[dict[str, Any]]) -> None:
        """Results from elsewhere: dicts of ``parameter`` and ``value``."""

    def extract_scalar_reward(self, value: Any, scalar_key: str = "default") -> Any:
        """:func:`nni.utils.extract_scalar_reward`, which was a method in NNI's first versions."""
        from .utils import extract_scalar_reward

        return extract_scalar_reward(value, scalar_key)

    def _accept_customized_trials(self, accept: bool = True) -> None:
        """Results of parameters that a person added come to :meth:`receive_trial_result` from here on."""
        self._accept_customized = accept

    def _on_exit(self) -> None:
        pass

    def _on_error(self) -> None:
        pass


class Exhausted(list):
    """A list of parameters that is short because there were no more, or (``waiting``) not yet."""

    waiting = False
