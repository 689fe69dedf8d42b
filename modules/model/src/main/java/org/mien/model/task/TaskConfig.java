package org.mien.model.task;

import java.util.Optional;
import java.util.Set;
import org.mien.core.config.Setting;

/**
 * One more thing a network learns of each face, besides its identity: a head of its own on the same
 * backbone.
 *
 * @param name names figures and the output of an exported network
 * @param attribute which attribute of the data set is learned; by default the one called as the
 *     task
 * @param loss what kind of thing it is and what training lowers
 * @param weight of its loss, where that of the identities has 1
 * @param on what its layers read
 * @param hidden size of a hidden layer before the outputs, 0 for none
 */
public record TaskConfig(
    @Setting("Name of the task: letters, digits and '-'. Figures are called task.NAME.*.")
        String name,
    @Setting("Attribute of the data set that is learned; by default the one called as the task.")
        Optional<String> attribute,
    @Setting("What kind of attribute it is, and what training lowers.") TaskLossConfig loss,
    @Setting(
            value =
                "Weight of the task's loss; the loss of the identities has 1. With 0 the task's head"
                    + " keeps its first weights.",
            defaultValue = "1.0",
            min = 0,
            max = 1_000_000)
        double weight,
    @Setting(
            value =
                "What the task's head reads: features of the backbone, which with a frozen backbone"
                    + " the task cannot change, or the embedding, which it then shapes.",
            defaultValue = "features")
        On on,
    @Setting(
            value = "Size of a hidden layer (ReLU) before the task's outputs; 0 for none.",
            defaultValue = "0",
            min = 0,
            max = 65_536)
        int hidden) {

  /** What a network has of its own by these names. */
  private static final Set<String> TAKEN = Set.of("embedding", "images", "pixels", "batch");

  public TaskConfig {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9-]{0,39}") || TAKEN.contains(name)) {
      throw new IllegalArgumentException(
          "name: expected 1 to 40 letters, digits or '-', and none of embedding, images, pixels,"
              + " batch, was '"
              + name
              + "'");
    }
    if (!(weight >= 0 && weight <= 1e6) || hidden < 0 || hidden > 65_536) {
      throw new IllegalArgumentException(
          "expected a weight in [0, 1e6] and a hidden size in [0, 65536], was "
              + weight
              + " and "
              + hidden);
    }
  }

  /** The attribute that is learned. */
  public String learned() {
    return attribute.orElse(name);
  }

  /** What a task's layers read. */
  public enum On {
    /** The backbone's features. */
    FEATURES,
    /** The embedding. */
    EMBEDDING
  }
}
