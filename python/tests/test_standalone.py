"""A trial without a manager runs, for trying it out."""

from .trials import TrialTestCase


class Standalone(TrialTestCase):
    def run_alone(self, source, **environment):
        finished = self.start(source, environment).finish()
        self.assertEqual(finished.code, 0, finished.stderr)
        return finished

    def test_parameters_are_empty_every_time_and_results_are_printed(self):
        finished = self.run_alone("""
            import nni
            nni.report_intermediate_result(0)
            print(nni.get_next_parameter(), nni.get_next_parameter(), nni.get_current_parameter())
            nni.report_intermediate_result({1: (2, float("nan"))})
            nni.report_final_result(0.5)
            print(nni.get_experiment_id(), nni.get_trial_id(), nni.get_sequence_id())
            """)
        self.assertEqual(
            finished.stdout.splitlines(),
            [
                "Intermediate result: 0",
                "{} {} {}",
                'Intermediate result: {"1":[2,{"$number":"NaN"}]}',
                "Final result: 0.5",
                "STANDALONE STANDALONE 0",
            ],
        )
        self.assertEqual(finished.stderr.count("running standalone"), 1)

    def test_the_loop_over_phases_runs_once(self):
        finished = self.run_alone("""
            import polyphase
            for parameters in polyphase.phases():
                polyphase.log("lr", parameters.get("lr", 0.1), polyphase.is_stopped())
                polyphase.report_final_result(0.5)
            """)
        self.assertEqual(finished.stdout, "lr 0.1 False\nFinal result: 0.5\n")

    def test_a_platform_alone_does_not_make_a_manager(self):
        self.assertEqual(
            self.run_alone("import nni; print(nni.get_next_parameter())", NNI_PLATFORM="local").stdout, "{}\n"
        )
