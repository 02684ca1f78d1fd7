"""An assessor in the form that NNI 1.x asked for: a phase that is far behind the best one at the same epoch is stopped."""

from nni.assessor import Assessor, AssessResult


class HopelessAssessor(Assessor):
    def __init__(self, margin=0.25):
        self.margin = margin
        self.best_by_epoch = {}

    def assess_trial(self, trial_job_id, trial_history):
        epoch, value = len(trial_history), trial_history[-1]
        best = max(value, self.best_by_epoch.get(epoch, value))
        self.best_by_epoch[epoch] = best
        return AssessResult.Bad if epoch > 1 and value < best - self.margin else AssessResult.Good
