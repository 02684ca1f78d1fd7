"""A worker that is killed at any moment, of ours or of Optuna's. Keeps a log of its own, each line on the disk before it goes
on: the point it started on, that it was evaluated to its end, that the result was acknowledged.

    reliability_worker.py polyphase
    reliability_worker.py optuna rdb|rdb-heartbeat|journal STORAGE EVALUATIONS
    reliability_worker.py optuna-trials rdb|rdb-heartbeat|journal STORAGE     prints what the storage holds
"""

import json
import os
import random
import sys
import time
import warnings

MEAN_SECONDS = 0.5


def opened_log():
    path = os.path.join(os.environ["BENCH_OUT"], str(os.getpid()))
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(what, x):
        os.write(file, (json.dumps([what, x]) + "\n").encode())
        os.fdatasync(file)

    return note


def evaluate(x, note):
    note("started", x)
    time.sleep(random.expovariate(1 / MEAN_SECONDS))
    note("evaluated", x)
    return x


def work_for_polyphase():
    import polyphase

    note = opened_log()
    for parameters in polyphase.phases():
        polyphase.report_final_result(evaluate(parameters["x"], note))
        note("acknowledged", parameters["x"])


def study_in(kind, where):
    import optuna

    warnings.simplefilter("ignore")  # heartbeats are experimental
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.RandomSampler()
    if kind == "journal":
        from optuna.storages.journal import JournalFileBackend

        storage = optuna.storages.JournalStorage(JournalFileBackend(where))
    elif kind == "rdb-heartbeat":
        retry = optuna.storages.RetryHeartbeatStaleTrialCallback()
        storage = optuna.storages.RDBStorage(
            "sqlite:///" + where, heartbeat_interval=1, grace_period=3, heartbeat_stale_trial_callback=retry
        )
    else:
        storage = optuna.storages.RDBStorage("sqlite:///" + where)
    return optuna.create_study(study_name="s", storage=storage, sampler=sampler, load_if_exists=True)


def work_for_optuna(kind, where, evaluations):
    from optuna.study import MaxTrialsCallback
    from optuna.trial import TrialState

    study = study_in(kind, where)
    note = opened_log()

    def acknowledged(_study, trial):
        if trial.state == TrialState.COMPLETE:
            note("acknowledged", trial.params["x"])

    done = MaxTrialsCallback(evaluations, states=(TrialState.COMPLETE,))
    if len(study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))) < evaluations:
        study.optimize(lambda trial: evaluate(trial.suggest_float("x", 0, 1), note), callbacks=[acknowledged, done])


def print_trials(kind, where):
    trials = study_in(kind, where).get_trials(deepcopy=False)
    print(json.dumps([[trial.state.name, trial.params.get("x"), trial.value] for trial in trials]))


if __name__ == "__main__":
    if sys.argv[1] == "polyphase":
        work_for_polyphase()
    elif sys.argv[1] == "optuna":
        work_for_optuna(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        print_trials(sys.argv[2], sys.argv[3])
