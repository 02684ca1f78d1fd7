"""The class that custom advisors extend."""

from __future__ import annotations

from .recoverable import Recoverable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class MsgDispatcherBase(Recoverable):
    """Tuner and assessor in one: handles commands, one at a time, and answers by :func:`nni.protocol.send`."""

    def handle_ping(self, data: Any) -> None:
        pass

    def handle_initialize(self, data: Any) -> None:
        """``data``: the search space. To be answered by ``send(CommandType.Initialized, '')``."""
        raise NotImplementedError("handle_initialize is not implemented")

    def handle_request_trial_jobs(self, data: int) -> None:
        """``data`` trial jobs want their first parameters: one NewTrialJob for each, now or later."""
        raise NotImplementedError("handle_request_trial_jobs is not implemented")

    def handle_update_search_space(self, data: Any) -> None:
        raise NotImplementedError("handle_update_search_space is not implemented")

    def handle_import_data(self, data: list[dict[str, Any]]) -> None:
        """Results from elsewhere: dicts of ``parameter`` and ``value``, the latter as JSON text."""
        raise NotImplementedError("handle_import_data is not implemented")

    def handle_add_customized_trial(self, data: Any) -> None:
        """Never called, as in NNI 1.4."""
        raise NotImplementedError("handle_add_customized_trial is not implemented")

    def handle_report_metric_data(self, data: dict[str, Any]) -> None:
        """``type`` PERIODICAL or FINAL: a result, its ``value`` as JSON text. REQUEST_PARAMETER: a trial job wants its
        next parameters, by SendTrialJobParameter with its ``trial_job_id`` and ``parameter_index``, now or later."""
        raise NotImplementedError("handle_report_metric_data is not implemented")

    def handle_trial_end(self, data: dict[str, Any]) -> None:
        """``event``: the trial job's last status. ``hyper_params``: the packet of its last phase, as JSON text."""
        raise NotImplementedError("handle_trial_end is not implemented")

    def run(self) -> None:
        raise NotImplementedError("the host of polyphase calls the handlers of an advisor; run() is not used")

    def _on_exit(self) -> None:
        pass

    def _on_error(self) -> None:
        pass
