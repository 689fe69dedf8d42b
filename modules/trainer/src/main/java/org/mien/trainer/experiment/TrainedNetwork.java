package org.mien.trainer.experiment;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.task.ModelTask;
import org.mien.trainer.feature.FeatureTable;
import org.mien.trainer.loop.TrainingState;

/**
 * What training leaves: whether the whole network was trained or the head alone, from here on it is
 * a backbone that gives features and a head on them.
 *
 * @param backbone from images to features
 * @param head from features to embeddings and identities, with the weights of the best epoch
 * @param state the course of the training
 * @param features of every sample of the split that could be read
 * @param tasks what the head's further outputs mean
 * @param engine what did the steps, in words
 */
record TrainedNetwork(
    OpenBackbone backbone,
    ComputationGraph head,
    TrainingState state,
    FeatureTable features,
    List<ModelTask> tasks,
    String engine) {}
