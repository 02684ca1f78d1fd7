"""A custom advisor, through the pipes of a host."""

from .hosts import NO_MORE, OWED, WAIT, HostTestCase, ended, parameters, replay, space

#: In the shape of NNI's Hyperband: rounds of configurations with ids of its own; the next round is made of the results
#: of the one before, and whoever asks meanwhile waits (as in BOHB).
ROUNDS = """
    import json
    from nni.common import multi_phase_enabled
    from nni.msg_dispatcher_base import MsgDispatcherBase
    from nni.protocol import CommandType, send
    from nni.utils import MetricType, OptimizeMode, extract_scalar_reward

    class Rounds(MsgDispatcherBase):
        def __init__(self, size=2, optimize_mode="maximize"):
            super(Rounds, self).__init__()
            self.optimize_mode = OptimizeMode(optimize_mode)
            self.size, self.round, self.ready, self.results = size, 0, [], []
            self.credit, self.unsatisfied, self.job_id_para_id_map = 0, [], {}

        def handle_initialize(self, data):
            self.handle_update_search_space(data)
            send(CommandType.Initialized, "")

        def handle_update_search_space(self, data):
            print("space", data)
            self.ready = [("0_%d" % n, {"x": n}) for n in range(self.size)]

        def handle_request_trial_jobs(self, data):
            print("wants", data)
            for _ in range(data):
                if self.ready:
                    send(CommandType.NewTrialJob, json.dumps(self.packet()))
                else:
                    self.credit += 1

        def packet(self, **more):
            id, parameters = self.ready.pop(0)
            return dict(parameter_id=id, parameter_source="algorithm", parameters=parameters, **more)

        def handle_report_metric_data(self, data):
            if data["type"] == MetricType.REQUEST_PARAMETER:
                assert multi_phase_enabled()
                names = ("trial_job_id", "parameter_index")
                self.unsatisfied.append({name: data[name] for name in names})
                self.satisfy()
                return
            value = extract_scalar_reward(json.loads(data["value"]))
            print(data["type"], data["parameter_id"], data["trial_job_id"], data["sequence"], value)
            if data["type"] == MetricType.PERIODICAL and value < 0:
                send(CommandType.KillTrialJob, json.dumps(data["trial_job_id"]))
            if data["type"] == MetricType.FINAL and data["parameter_id"] is not None:
                self.results.append(value)
                if len(self.results) == self.size:
                    self.round, best, self.results = self.round + 1, max(self.results), []
                    self.ready = [("%d_%d" % (self.round, n), {"x": best + n}) for n in range(self.size)]
                self.satisfy()

        def satisfy(self):
            while self.ready and self.credit:
                self.credit -= 1
                send(CommandType.NewTrialJob, json.dumps(self.packet()))
            while self.ready and self.unsatisfied:
                send(CommandType.SendTrialJobParameter, json.dumps(self.packet(**self.unsatisfied.pop(0))))

        def handle_import_data(self, data):
            print("import", [(row["parameter"], json.loads(row["value"])) for row in data])

        def handle_trial_end(self, data):
            packet = json.loads(data["hyper_params"])
            print("end", data["trial_job_id"], data["event"], packet["parameter_id"], packet["parameters"])
"""

#: Says that it is ready with some text or other.
SENDING = """
    from nni.msg_dispatcher_base import MsgDispatcherBase
    from nni.protocol import CommandType, send

    class Sending(MsgDispatcherBase):
        def handle_initialize(self, data):
            send(CommandType.Initialized, "here I am")
        def handle_request_trial_jobs(self, data):
            send(CommandType.COMMAND, TEXT)
        def handle_report_metric_data(self, data):
            pass
"""


class Advisors(HostTestCase):
    def rounds(self, **start):
        return self.ready("advisor", ROUNDS, "Rounds", environment={"MULTI_PHASE": "true"}, **start)

    def test_runs_rounds_over_phases_and_those_who_ask_too_early_wait(self):
        host = self.rounds()
        host.tell(space(x=1))
        answers = host.ask((0, "jobaa"), (1, "jobbb"), (2, "jobcc"))
        self.assertEqual(answers, [parameters({"x": 0}), parameters({"x": 1}), OWED])
        host.tell(self.intermediate(1, "jobbb", 0, 0.5), ended(0, "jobaa", 10, parameters={"x": 0}))
        self.assertEqual(host.ask((3, "jobaa", 1), (2, "jobcc")), [OWED, OWED])
        host.tell(ended(1, "jobbb", {"default": 20}, parameters={"x": 1}))
        host.hear("news")
        host.hear("news")
        self.assertEqual(host.ask((3, "jobaa", 1), (2, "jobcc")), [parameters({"x": 21}), parameters({"x": 20})])
        host.tell(ended(3, "jobaa", 30), ended(2, "jobcc"), self.job_ended("jobaa", "SUCCEEDED"))
        host.tell(dict(kind="import", rows=[dict(parameters={"x": 5}, value=6)]), space(x=2))
        host.tell(ended(9, "jobbb", 1, customized=True, parameters={"by": "hand"}))
        host.tell(self.job_ended("jobbb", "FAILED"), self.job_ended("jobdd", "FAILED"))
        self.assertEqual(host.close(), 0)
        self.assertEqual(
            host.log().splitlines(),
            [
                "space {'x': 1}",
                "wants 3",
                "PERIODICAL 0_1 jobbb 0 0.5",
                "FINAL 0_0 jobaa 0 10",
                "FINAL 0_1 jobbb 0 20",
                "FINAL 1_1 jobaa 0 30",
                "end jobaa SUCCEEDED 1_1 {'x': 21}",
                "import [({'x': 5}, 6)]",
                "space {'x': 2}",
                "FINAL None jobbb 0 1",
                "end jobbb FAILED 0_1 {'x': 1}",
            ],
        )

    def test_a_kill_stops_the_current_phase_of_the_job(self):
        host = self.rounds()
        host.tell(space())
        host.ask((0, "jobaa"))
        host.tell(ended(0, "jobaa", 1))
        host.ask((1, "jobaa", 1))
        host.tell(self.intermediate(1, "jobaa", 0, -1))
        self.assertEqual(host.hear("stop-phase"), dict(kind="stop-phase", trialJobId="jobaa", parameterId=1))

    def test_after_a_restart_it_is_asked_again_and_its_ids_belong_to_what_was_answered_then(self):
        host = self.rounds(resumed=True)
        host.tell(
            space(),
            replay((0, "jobaa", 0, {"then": 0}), (5, "jobbb", 0, {"then": 5}), (2, "jobcc", 0, {"then": 2})),
            ended(5, "jobbb", 3),
            ended(0, "jobaa", 4),
            replay((6, "jobbb", 1, {"then": 6})),
            self.job_ended("jobbb", "SUCCEEDED"),
            self.job_ended("jobcc", "SUCCEEDED"),
        )
        self.assertEqual(host.ask((7, "jobaa", 1)), [OWED])
        self.assertEqual(host.aside, [])  # that jobcc got its answer only now is no news
        self.assertEqual(host.close(), 0)
        self.assertEqual(
            host.log().splitlines(),
            [
                "space {}",
                "wants 3",
                "FINAL 0_1 jobbb 0 3",
                "FINAL 0_0 jobaa 0 4",
                "end jobbb SUCCEEDED 1_1 {'then': 6}",
                "end jobcc SUCCEEDED 1_0 {'then': 2}",
            ],
        )

    def test_hears_nothing_of_phases_that_it_does_not_know(self):
        host = self.rounds(resumed=True, classArgs={"size": 0})
        host.tell(
            space(), replay((0, "jobaa", 0, {"then": 0})), self.intermediate(0, "jobaa", 0, 0.5), ended(0, "jobaa", 1)
        )
        self.assertIn("does not know of phase 0", host.hear("log")["message"])
        self.assertEqual(host.close(), 0)
        self.assertEqual(host.log().splitlines(), ["space {}", "wants 1"])

    def test_one_that_refuses_is_asked_again_and_null_is_the_end(self):
        host = self.ready(
            "advisor",
            """
            import json
            from nni.msg_dispatcher import _pack_parameter
            from nni.msg_dispatcher_base import MsgDispatcherBase
            from nni.protocol import CommandType, send

            class Refusing(MsgDispatcherBase):
                asked = 0
                def handle_initialize(self, data): pass
                def handle_request_trial_jobs(self, data):
                    self.asked += 1
                    if self.asked < 3:
                        send(CommandType.NoMoreTrialJobs, _pack_parameter(0, ""))
                    else:
                        for n in range(data + 1):
                            send(CommandType.NewTrialJob, _pack_parameter(n, self.asked))
                def handle_report_metric_data(self, data):
                    send(CommandType.SendTrialJobParameter, _pack_parameter(5, None, trial_job_id=data["trial_job_id"],
                                                                            parameter_index=data["parameter_index"]))
                    stray = _pack_parameter(5, 1, trial_job_id="jobxx", parameter_index=4)
                    send(CommandType.SendTrialJobParameter, stray)
            """,
            "Refusing",
        )
        host.tell(space())
        self.assertIn("did not send CommandType.Initialized", host.hear("log")["message"])
        self.assertEqual(host.ask((0, "jobaa"), (1, "jobbb")), [WAIT, WAIT])
        self.assertEqual(host.ask((0, "jobaa"), (1, "jobbb")), [WAIT, WAIT])
        self.assertEqual(host.ask((0, "jobaa")), [parameters(3)])
        self.assertEqual(host.aside.pop(), dict(kind="news"))  # one more than was asked for is for who still waits
        self.assertEqual(host.ask((1, "jobbb")), [parameters(3)])
        self.assertEqual(host.ask((2, "jobaa", 1)), [NO_MORE])
        self.assertIn("trial job jobxx", host.aside[-1]["message"])

    def test_what_is_wrong_with_a_packet_is_said(self):
        for command, text, expected in (
            ("NewTrialJob", '"[1]"', r"expected a JSON object with parameter_id, parameters, got '\[1\]'"),
            ("NewTrialJob", "'{'", r"expected JSON text, got '\{'"),
            ("NewTrialJob", """'{"parameter_id": 1, "params": 2}'""", "expected a JSON object with .*params"),
            ("NewTrialJob", """'{"parameters": [%d]}' % 2**60""", r"got 1152921504606846976; give it as text"),
            ("NewTrialJob", "None", "expected JSON text, got None"),
            ("SendTrialJobParameter", """'{"parameters": 1}'""", "parameters, trial_job_id, parameter_index, got"),
            ("KillTrialJob", '"jobaa"', "expected JSON text, got 'jobaa'"),
            ("KillTrialJob", """'["jobaa"]'""", "expected the id of a trial job as JSON text, got"),
        ):
            with self.subTest(command, text=text):
                host = self.ready("advisor", SENDING.replace("COMMAND", command).replace("TEXT", text), "Sending")
                host.tell(space())
                host.begin_to_ask((0, "jobaa"))
                failed = host.hear("failed")
                self.assertRegex(failed["message"], rf"^ValueError: .*{expected}.*own.py:9, in handle_request_trial_jobs")
                self.assertEqual(failed["method"], "handle_request_trial_jobs")

    def test_its_own_threads_may_send(self):
        host = self.ready(
            "advisor",
            """
            import json, threading
            from nni.msg_dispatcher_base import MsgDispatcherBase
            from nni.protocol import CommandType, send

            class Threaded(MsgDispatcherBase):
                def handle_initialize(self, data):
                    send(CommandType.Initialized, "")
                def handle_request_trial_jobs(self, data):
                    packet = json.dumps({"parameter_id": "a", "parameters": {"x": float("nan")}})
                    self.told = threading.Event()
                    threading.Thread(target=lambda: self.told.wait() and send(CommandType.NewTrialJob, packet)).start()
                def handle_import_data(self, data):
                    self.told.set()
                def handle_report_metric_data(self, data):
                    raise KeyError(data["type"])
            """,
            "Threaded",
        )
        host.tell(space())
        self.assertEqual(host.ask((0, "jobaa")), [OWED])
        host.tell(dict(kind="import", rows=[]))
        host.hear("news")
        self.assertNotEqual(*[host.ask((0, "jobaa"))[0]["parameters"]["x"]] * 2)  # NaN
        host.begin_to_ask((1, "jobaa", 1))
        self.assertRegex(
            host.hear("failed")["message"], r"^KeyError: 'REQUEST_PARAMETER' \(/.*own.py:16, in handle_rep"
        )
        self.assertEqual(host.gone(), 1)

    def intermediate(self, parameter_id, job, sequence, value):
        place = dict(parameterId=parameter_id, trialJobId=job, parameterIndex=0)
        return dict(kind="intermediate-result", sequence=sequence, value=value, **place)

    def job_ended(self, job, status):
        return dict(kind="trial-job-ended", trialJobId=job, status=status)
