package org.mien.model.task;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.model.loss.ExpectationLoss;
import org.mien.model.loss.TaskLoss;
import org.nd4j.linalg.activations.Activation;

/**
 * What the outputs of a task's head mean; part of a model's descriptor.
 *
 * @param name of the task, and of its output in an exported network
 * @param attribute of the data set it was learned from
 * @param kind what the outputs are
 * @param values with kind classes, what each output stands for, in order; with kind binary, the
 *     values that mean yes; else none
 * @param oldest with the kinds of age, the oldest age there is
 */
public record ModelTask(
    @Setting("Name of the task.") String name,
    @Setting("Attribute of the data set it was learned from.") String attribute,
    @Setting("What the outputs are.") Kind kind,
    @Setting(
            value = "What each output stands for (classes), or the values that mean yes (binary).",
            defaultValue = "[]")
        List<String> values,
    @Setting(value = "The oldest age there is.", min = 1, max = 150) Optional<Integer> oldest) {

  /** What the outputs of a head are. */
  public enum Kind {
    /** Probabilities of categories, one an output. */
    CLASSES,
    /** Probabilities of the years 0, 1, ..., oldest; the age is their expectation. */
    AGE,
    /** Probabilities of being older than 0, 1, ..., oldest - 1; the age is how many exceed 0.5. */
    AGE_ORDINAL,
    /** The probability of a yes. */
    BINARY
  }

  private static final int SHOWN = 12;

  public ModelTask {
    values = List.copyOf(values);
    boolean age = kind == Kind.AGE || kind == Kind.AGE_ORDINAL;
    int fewest = kind == Kind.CLASSES ? 2 : kind == Kind.BINARY ? 1 : 0;
    if (name.isBlank()
        || oldest.isPresent() != age
        || values.size() < fewest
        || (age && !values.isEmpty())) {
      throw new IllegalArgumentException(
          "expected a name, an oldest age with the kinds of age only, and values (at least 2 with"
              + " classes, 1 with binary, none with age), was task '"
              + name
              + "' of kind "
              + kind
              + " with "
              + values.size()
              + " values and oldest "
              + oldest);
    }
    oldest.ifPresent(ModelTask::requireOldest);
  }

  static void requireOldest(int oldest) {
    if (oldest < 1 || oldest > 150) {
      throw new IllegalArgumentException("expected an oldest age of 1 to 150, was " + oldest);
    }
  }

  /** Values for a message: the first dozen. */
  static String some(Collection<String> values) {
    String first = String.join(", ", values.stream().limit(SHOWN).toList());
    return values.size() > SHOWN ? first + ", ... (" + values.size() + ")" : first;
  }

  /** How many outputs the head has. */
  public int outputs() {
    return switch (kind) {
      case CLASSES -> values.size();
      case AGE -> oldest.orElseThrow() + 1;
      case AGE_ORDINAL -> oldest.orElseThrow();
      case BINARY -> 1;
    };
  }

  /** What turns the head's logits into its outputs. */
  public Activation activation() {
    return kind == Kind.CLASSES || kind == Kind.AGE ? Activation.SOFTMAX : Activation.SIGMOID;
  }

  /**
   * Returns the label that training uses for a value of the attribute.
   *
   * @return the output's number, the age rounded to whole years, or 1 for yes and 0 for no; {@link
   *     TaskLoss#UNKNOWN} for a category without output
   * @throws IllegalArgumentException if an age is not a number in range
   */
  public int label(String value) {
    return switch (kind) {
      case CLASSES -> Math.max(values.indexOf(value), TaskLoss.UNKNOWN);
      case AGE, AGE_ORDINAL -> (int) Math.round(years(value));
      case BINARY -> values.contains(value) ? 1 : 0;
    };
  }

  /**
   * Reads an age.
   *
   * @throws IllegalArgumentException if it is not a number in [0, oldest]
   */
  public double years(String value) {
    double years;
    try {
      years = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected an age in years, was '" + value + "'; a category is type: classes", e);
    }
    if (!(years >= 0 && years <= oldest.orElseThrow())) {
      throw new IllegalArgumentException(
          "expected an age of 0 to " + oldest.orElseThrow() + " years (oldest), was " + value);
    }
    return years;
  }

  /**
   * Returns the age that the outputs say.
   *
   * @param outputs of one face, as the head gives them
   * @return in years, in [0, oldest]
   */
  public double years(float[] outputs) {
    if (kind == Kind.AGE) {
      return ExpectationLoss.expectation(outputs);
    }
    if (kind != Kind.AGE_ORDINAL) {
      throw new IllegalArgumentException("task " + name + " gives no age, but " + kind);
    }
    int years = 0;
    for (float older : outputs) {
      years += older > 0.5 ? 1 : 0;
    }
    return years;
  }
}
