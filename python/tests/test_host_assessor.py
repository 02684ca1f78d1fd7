"""A custom assessor, through the pipes of a host."""

from .hosts import HostTestCase

RECORDER = """
    from nni.assessor import Assessor, AssessResult

    class Strict(Assessor):
        def assess_trial(self, trial_job_id, trial_history):
            print(trial_job_id, trial_history)
            verdict = trial_history[-1]
            trial_history.clear()
            return {"good": AssessResult.Good, "bad": AssessResult.Bad}.get(verdict, verdict)

        def trial_end(self, trial_job_id, success):
            print("end of", trial_job_id, success)

        def _on_exit(self):
            print("exit")
"""


class Assessors(HostTestCase):
    def assess(self, host, job, sequence, value, parameter_id=0):
        host.asks += 1
        message = dict(parameterId=parameter_id, trialJobId=job, parameterIndex=0, sequence=sequence, value=value)
        host.say(kind="assess", id=host.asks, **message)
        verdict = host.hear("verdict", "failed")
        if verdict["kind"] == "failed":
            return verdict["message"]
        self.assertEqual(verdict["id"], host.asks)
        return verdict["good"]

    def end_job(self, job, status):
        return dict(kind="trial-job-ended", trialJobId=job, status=status)

    def test_sees_the_curve_of_one_phase_and_judges_it(self):
        host = self.ready("assessor", RECORDER, "Strict")
        self.assertEqual([self.assess(host, "jobaa", 0, "good"), self.assess(host, "jobaa", 1, "bad")], [True, False])
        self.assertEqual([self.assess(host, "jobbb", 0, True), self.assess(host, "jobbb", 1, False)], [True, False])
        self.assess(host, "jobaa", 0, "good", parameter_id=2)  # the next phase of the same job
        self.assess(host, "jobbb", 0, "good")  # the same phase anew
        host.tell(self.end_job("jobaa", "SUCCEEDED"), self.end_job("jobbb", "USER_CANCELED"))
        host.tell(self.end_job("jobcc", "SUCCEEDED"), self.end_job("jobaa", "SUCCEEDED"))
        self.assertEqual(host.close(), 0)
        self.assertEqual(
            host.log().splitlines(),
            [
                "jobaa ['good']",
                "jobaa ['good', 'bad']",
                "jobbb [True]",
                "jobbb [True, False]",
                "jobaa ['good']",
                "jobbb ['good']",
                "end of jobaa True",
                "end of jobbb False",
                "exit",
            ],
        )

    def test_a_curve_without_its_beginning_is_not_judged(self):
        host = self.ready("assessor", RECORDER, "Strict")
        self.assertIs(self.assess(host, "jobaa", 3, "bad"), True)
        self.assertIn("begins at 3", host.aside[0]["message"])
        self.assess(host, "jobaa", 0, "good")
        self.assertIs(self.assess(host, "jobaa", 1, "bad", parameter_id=2), True)  # of another phase
        self.assertEqual(host.log(), "jobaa ['good']\n")

    def test_anything_but_a_verdict_is_a_failure_that_says_what_was_expected(self):
        host = self.ready("assessor", RECORDER, "Strict")
        self.assertEqual(
            self.assess(host, "jobaa", 0, "fine"),
            "expected AssessResult.Good, AssessResult.Bad or a bool, got 'fine' "
            f"({host.folder}/own.py:5, in assess_trial)",
        )
        self.assertEqual(host.gone(), 1)

    def test_medianstop_may_be_extended(self):
        host = self.ready(
            "assessor",
            """
            from nni.medianstop_assessor.medianstop_assessor import MedianstopAssessor

            class Own(MedianstopAssessor):
                def assess_trial(self, trial_job_id, trial_history):
                    return super().assess_trial(trial_job_id, [-value for value in trial_history])
            """,
            "Own",
            classArgs={"optimize_mode": "minimize", "start_step": 1},
        )
        for sequence, value in enumerate([5, 6, 7]):
            self.assertIs(self.assess(host, "jobaa", sequence, value), True)
        host.tell(self.end_job("jobaa", "SUCCEEDED"))
        self.assertEqual([self.assess(host, "jobbb", n, value) for n, value in enumerate([4, 6])], [False, True])
