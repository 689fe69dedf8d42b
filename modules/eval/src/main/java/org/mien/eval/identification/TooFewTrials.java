package org.mien.eval.identification;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.mien.eval.score.FarTarget;

/** The rules of 3 and 30, as {@link FarTarget#warning} has them, for non-mated probes. */
final class TooFewTrials {
  private TooFewTrials() {}

  static Optional<String> nonMated(FarTarget target, long nonMated) {
    BigDecimal rate = new BigDecimal(Double.toString(target.rate()));
    BigDecimal expected = rate.multiply(BigDecimal.valueOf(nonMated));
    if (expected.compareTo(BigDecimal.ONE) < 0) {
      return Optional.of(
          "too few non-mated probes for FPIR "
              + target.label()
              + ": "
              + nonMated
              + ", at least "
              + needed(rate, 1)
              + " are needed; taken above the highest non-mated similarity, where FPIR is 0");
    }
    for (int errors : new int[] {3, 30}) {
      if (expected.compareTo(BigDecimal.valueOf(errors)) < 0) {
        return Optional.of(
            "few non-mated probes: the rule of "
                + errors
                + " asks for "
                + needed(rate, errors)
                + " at FPIR "
                + target.label()
                + ", there are "
                + nonMated);
      }
    }
    return Optional.empty();
  }

  private static BigDecimal needed(BigDecimal rate, int errors) {
    return BigDecimal.valueOf(errors).divide(rate, 0, RoundingMode.CEILING);
  }
}
