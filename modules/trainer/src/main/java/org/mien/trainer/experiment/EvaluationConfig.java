package org.mien.trainer.experiment;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mien.core.config.Setting;
import org.mien.trainer.evaluation.MapMethod;
import org.mien.trainer.evaluation.ReportExtras;
import org.mien.trainer.evaluation.ScoresKept;

/**
 * What an experiment reports besides the classification of the held-out test images.
 *
 * @param genuinePairs genuine pairs drawn from the identities that were not trained on
 * @param impostorPairs impostor pairs drawn from them
 * @param folds folds of the verification accuracy
 * @param bootstrapReplicates replicates of the bootstrap over identities
 * @param protocols further protocols, each with a name of its own
 * @param thumbnails pictures of how many of the worst pairs of each kind the report shows
 * @param map of the embeddings of people who were not trained on
 * @param scores whether the scores of single pairs are kept
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
    @Setting(
            value =
                "Protocols to run as well, each with a name of its own: pairs, templates, a gallery,"
                    + " MegaFace, few-shot, labels.",
            defaultValue = "[]")
        List<EvaluationProtocolConfig> protocols,
    @Setting(
            value =
                "Of how many of the worst pairs of each kind the report shows the faces; they are"
                    + " personal data, so by default of none.",
            defaultValue = "0",
            min = 0,
            max = ReportExtras.MOST_THUMBNAILS)
        int thumbnails,
    @Setting(
            value = "Map of embeddings in the report, for illustration: none, pca or tsne.",
            defaultValue = "none")
        MapMethod map,
    @Setting(
            value =
                "Whether scores/NAME.csv.gz keep the score of each pair, by which mien report compares"
                    + " runs: usual (up to a million pairs a protocol), all or none.",
            defaultValue = "usual")
        ScoresKept scores) {
  private static final Set<String> RESERVED = Set.of("classification", "heldOut", "task");

  public EvaluationConfig {
    protocols = List.copyOf(protocols);
    Set<String> names = new HashSet<>(RESERVED);
    for (EvaluationProtocolConfig protocol : protocols) {
      String name = protocol.protocolName();
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
        throw new IllegalArgumentException(
            "protocols: expected a name of 1 to 64 letters, digits, '-' or '_', was '"
                + name
                + "'");
      }
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "protocols: the name "
                + name
                + (RESERVED.contains(name)
                    ? " is that of figures that every run has"
                    : " comes twice; give each a name of its own"));
      }
    }
  }

  ReportExtras extras() {
    return new ReportExtras(thumbnails, map, scores);
  }
}
