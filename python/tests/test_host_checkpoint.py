"""Checkpoints: what a tuner holds is not told to it twice, and nothing is left out."""

import json
import os
import unittest

from polyphase.host.checkpoint import FILE_NAME, Checkpoint

from .hosts import HostTestCase, ended, parameters, replay, space

#: Saves everything that it heard, in order.
SAVING = """
    import json, os
    from nni.tuner import Tuner

    class Saving(Tuner):
        def __init__(self): self.heard = []
        def update_search_space(self, space): self.heard.append(["space", space])
        def generate_parameters(self, parameter_id, **kwargs):
            if parameter_id == 99: return self.heard
            self.heard.append(["generate", parameter_id])
            return parameter_id
        def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
            self.heard.append(["result", parameter_id, parameters, value])
        def trial_end(self, parameter_id, success, **kwargs): self.heard.append(["end", parameter_id])
        def import_data(self, data): self.heard.append(["import", [row["value"] for row in data]])
        def load_checkpoint(self):
            with open(self.get_checkpoint_path() + "/own.json") as file: self.heard = json.load(file) + ["loaded"]
        def save_checkpoint(self):
            with open(self.get_checkpoint_path() + "/own.json", "w") as file: json.dump(self.heard, file)
"""


def rows(*values):
    return dict(kind="import", rows=[dict(parameters={}, value=value) for value in values])


class Checkpoints(HostTestCase):
    def live(self, source=SAVING):
        """The first life: phases 0 and 2 have ended, 1 has not."""
        host = self.ready("tuner", source, "Saving")
        host.tell(space(x=1), rows(7, 8))
        host.ask((0, "jobaa"), (1, "jobbb"))
        host.tell(ended(0, "jobaa", 5), space(x=2))
        host.ask((2, "jobaa", 1))
        host.tell(ended(2, "jobaa", 6))
        return host

    def live_again(self, folder, source=SAVING):
        """What the tuner knows in the second life, in which phases 3 and 4 belong to the history, too."""
        host = self.ready("tuner", source, "Saving", folder=folder, resumed=True)
        host.tell(
            space(x=1),
            rows(7, 8, 9),
            replay((0, "jobaa", 0, 0), (1, "jobbb", 0, 1)),
            ended(0, "jobaa", 5, parameters=0),
            space(x=2),
            replay((2, "jobaa", 1, 2), (3, "jobaa", 2, 3)),
            ended(2, "jobaa", 6, parameters=2),
            ended(1, "jobbb", 4, parameters=1),
            replay((4, "jobbb", 1, "as recorded")),
        )
        host.tell(ended(4, "jobbb", 2, parameters="as recorded"))
        heard = host.ask((99, "jobzz"))[0]["parameters"]
        host.process.kill()
        return heard

    heard_first = [
        ["space", {"x": 1}],
        ["import", [7, 8]],
        ["generate", 0],
        ["generate", 1],
        ["result", 0, 0, 5],
        ["end", 0],
        ["space", {"x": 2}],
        ["generate", 2],
        ["result", 2, 2, 6],
        ["end", 2],
    ]
    heard_later = [
        ["generate", 3],
        ["result", 1, 1, 4],
        ["end", 1],
        ["generate", 4],
        ["result", 4, "as recorded", 2],
        ["end", 4],
    ]
    heard_all = [
        ["space", {"x": 1}],
        ["import", [7, 8, 9]],
        *heard_first[2:8],
        heard_later[0],
        *heard_first[8:],
        *heard_later[1:],
    ]

    def test_only_what_came_later_is_told_to_a_loaded_tuner(self):
        host = self.live()
        self.assertEqual(host.close(), 0)
        stored = dict(generated=[[0, 2]], ended=[[0, 0], [2, 2]], spaces=2, imported=2)
        with open(f"{host.folder}/checkpoint/{FILE_NAME}", encoding="utf-8") as file:
            self.assertEqual(json.load(file), stored)
        heard = self.live_again(host.folder)
        self.assertEqual(heard, [*self.heard_first, "loaded", ["import", [9]], ["space", {"x": 2}], *self.heard_later])

    def test_a_tuner_that_was_killed_before_it_saved_hears_everything(self):
        host = self.live()
        host.ask((5, "jobcc"))
        host.process.kill()
        host.process.wait()
        heard = self.live_again(host.folder)
        self.assertEqual(heard, self.heard_all)

    def test_a_host_whose_manager_is_gone_leaves_the_checkpoint_to_the_next_one(self):
        host = self.live()
        self.assertEqual(host.gone(), 0)
        self.assertEqual(os.listdir(f"{host.folder}/checkpoint"), [])

    def test_a_checkpoint_that_may_be_half_written_is_not_loaded(self):
        own = SAVING.replace('["end", parameter_id])', '["end", parameter_id]); self.save_checkpoint()')
        half = 'os._exit(9) if ["end", 2] in self.heard else json.dump(self.heard, file)'
        host = self.live(own.replace("json.dump(self.heard, file)", half))
        self.assertEqual(host.gone(), 9)
        self.assertEqual(self.live_again(host.folder), self.heard_all)

    def test_what_does_not_say_how_far_a_checkpoint_reaches_is_not_believed(self):
        for damaged in ("", "{", "[]", "null", '{"generated":3}', '{"ended":[["a"]]}', '{"spaces":null,"imported":1}'):
            with self.subTest(damaged):
                host = self.live()
                self.assertEqual(host.close(), 0)
                with open(f"{host.folder}/checkpoint/{FILE_NAME}", "w", encoding="utf-8") as file:
                    file.write(damaged)
                self.assertEqual(self.live_again(host.folder), self.heard_all)

    def test_a_tuner_that_saves_itself_is_taken_at_its_word(self):
        own = SAVING.replace('["end", parameter_id])', '["end", parameter_id]); self.save_checkpoint()')
        host = self.live(own)
        host.ask((5, "jobcc"))
        host.process.kill()
        host.process.wait()
        heard = self.live_again(host.folder, own)
        self.assertEqual(heard[: len(self.heard_first) + 1], [*self.heard_first, "loaded"])
        self.assertEqual(heard[-6:], self.heard_later)

    def test_a_new_experiment_does_not_believe_what_lies_there(self):
        host = self.live()
        host.close()
        host = self.ready("tuner", SAVING, "Saving", folder=host.folder)
        self.assertEqual(os.listdir(f"{host.folder}/checkpoint"), ["own.json"])

    def test_a_tuner_that_only_loads_is_loaded_and_told_everything(self):
        loading = SAVING.replace("def save_checkpoint", "def other").replace(
            'with open(self.get_checkpoint_path() + "/own.json") as file: self.heard = json.load(file) + ',
            "self.heard = ",
        )
        host = self.live(loading)
        self.assertEqual(host.close(), 0)
        heard = self.live_again(host.folder, loading)
        self.assertEqual(heard, ["loaded", *self.heard_all])

    def test_without_a_checkpoint_folder_nothing_is_saved(self):
        host = self.ready("tuner", SAVING, "Saving", environment={"NNI_CHECKPOINT_DIRECTORY": ""})
        self.assertEqual(host.ask((0, "jobaa")), [parameters(0)])
        self.assertEqual(host.close(), 0)


class OnTheWay(unittest.TestCase):
    def test_an_idle_tuner_is_saved_every_ten_seconds_at_most_after_it_heard_something(self):
        import tempfile

        from nni.tuner import Tuner
        from polyphase.host.calls import Calls

        class Own(Tuner):
            saved = 0

            def load_checkpoint(self):
                pass

            def save_checkpoint(self):
                self.saved += 1

        with tempfile.TemporaryDirectory() as folder:
            now = [100.0]
            tuner = Own()
            checkpoint = Checkpoint(tuner, Calls(None), folder, lambda: now[0])
            checkpoint.begin(resumed=False)
            self.assertIsNone(checkpoint.due())
            checkpoint.note(ended=[1])
            now[0] += 4
            self.assertEqual(checkpoint.due(), 6)
            now[0] += 20
            self.assertEqual(checkpoint.due(), 0)
            checkpoint.save()
            self.assertEqual((tuner.saved, checkpoint.due()), (1, None))
            checkpoint.save()
            checkpoint.note(generated=[2])
            self.assertEqual((tuner.saved, checkpoint.due()), (1, 10))
