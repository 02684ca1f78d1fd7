"""Where NNI keeps its built-in algorithms. Those that are missing here have no counterpart in Python."""

ModuleName = {
    "TPE": "nni.hyperopt_tuner.hyperopt_tuner",
    "Random": "nni.hyperopt_tuner.hyperopt_tuner",
    "Anneal": "nni.hyperopt_tuner.hyperopt_tuner",
    "Evolution": "nni.evolution_tuner.evolution_tuner",
    "SMAC": "nni.smac_tuner.smac_tuner",
    "BatchTuner": "nni.batch_tuner.batch_tuner",
    "GridSearch": "nni.gridsearch_tuner.gridsearch_tuner",
    "MetisTuner": "nni.metis_tuner.metis_tuner",
    "GPTuner": "nni.gp_tuner.gp_tuner",
    "Medianstop": "nni.medianstop_assessor.medianstop_assessor",
}

ClassName = {
    "TPE": "HyperoptTuner",
    "Random": "HyperoptTuner",
    "Anneal": "HyperoptTuner",
    "Evolution": "EvolutionTuner",
    "SMAC": "SMACTuner",
    "BatchTuner": "BatchTuner",
    "GridSearch": "GridSearchTuner",
    "MetisTuner": "MetisTuner",
    "GPTuner": "GPTuner",
    "Medianstop": "MedianstopAssessor",
}

ClassArgs = {
    "TPE": {"algorithm_name": "tpe"},
    "Random": {"algorithm_name": "random_search"},
    "Anneal": {"algorithm_name": "anneal"},
}

AdvisorModuleName = {}
AdvisorClassName = {}
