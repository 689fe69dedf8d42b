package org.mien.trainer.experiment;

import java.util.List;
import org.mien.core.config.Setting;

/**
 * What an experiment reports besides the classification of the held-out test images.
 *
 * @param genuinePairs genuine pairs drawn from the identities that were not trained on
 * @param impostorPairs impostor pairs drawn from them
 * @param folds folds of the verification accuracy
 * @param bootstrapReplicates replicates of the bootstrap over identities
 * @param protocols published protocols to run as well
 */
public record EvaluationConfig(
    @Setting(
            value = "Genuine pairs drawn from the identities held out of training.",
            defaultValue = "3000",
            min = 0,
            max = 10_000_000)
        int genuinePairs,
    @Setting(
            value = "Impostor pairs drawn from the identities held out of training.",
            defaultValue = "3000",
            min = 0,
            max = 10_000_000)
        int impostorPairs,
    @Setting(
            value = "Folds, disjoint in identities, of the verification accuracy.",
            defaultValue = "10",
            min = 2,
            max = 100)
        int folds,
    @Setting(
            value = "Replicates of the bootstrap over identities, for intervals.",
            defaultValue = "1000",
            min = 100,
            max = 100_000)
        int bootstrapReplicates,
    @Setting(value = "Published protocols to run as well.", defaultValue = "[]")
        List<ProtocolConfig> protocols) {
  public EvaluationConfig {
    protocols = List.copyOf(protocols);
  }
}
