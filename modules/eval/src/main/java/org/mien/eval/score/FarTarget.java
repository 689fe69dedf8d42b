package org.mien.eval.score;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * A false accept rate to be kept, such as 1e-3.
 *
 * <p>The rate means the decimal number that is written, not the nearest binary fraction: 0.29 of
 * 100 impostors are 29, although {@code 0.29 * 100} is 28.999... in floating point.
 *
 * @param rate in (0, 1)
 */
public record FarTarget(double rate) {
  public FarTarget {
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException("expected a false accept rate in (0, 1), was " + rate);
    }
  }

  /** Returns {@code k = floor(rate * impostors)}: how many false accepts the rate allows. */
  public long allowedFalseAccepts(long impostors) {
    return expectedFalseAccepts(impostors).setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  /** Returns what a number of impostors can say of this rate. */
  public TrialSupport support(long impostors) {
    BigDecimal expected = expectedFalseAccepts(impostors);
    if (expected.compareTo(BigDecimal.ONE) < 0) {
      return TrialSupport.NONE;
    }
    if (expected.compareTo(BigDecimal.valueOf(3)) < 0) {
      return TrialSupport.BELOW_RULE_OF_3;
    }
    return expected.compareTo(BigDecimal.valueOf(30)) < 0
        ? TrialSupport.BELOW_RULE_OF_30
        : TrialSupport.FULL;
  }

  /** Returns how many impostors are needed for {@code errors} false accepts to be expected. */
  public long impostorsFor(int errors) {
    return trialsFor(errors).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact();
  }

  /**
   * Returns a warning where the number of impostors cannot carry the rate, after the rules of 3 and
   * 30 (ISO/IEC 19795-1, annex B):
   *
   * <ul>
   *   <li>{@code rate * impostors < 1}: no threshold with a false accept keeps the rate;
   *   <li>{@code rate * impostors < 3}: even no false accept at all would not show, at 95 %
   *       confidence, that the rate is kept;
   *   <li>{@code rate * impostors < 30}: fewer than 30 errors, so the true rate may be off by more
   *       than 30 % at 90 % confidence.
   * </ul>
   */
  public Optional<String> warning(long impostors) {
    return switch (support(impostors)) {
      case NONE ->
          Optional.of(
              "too few impostors: "
                  + impostors
                  + " cannot show a FAR of "
                  + label()
                  + ", at least "
                  + trialsFor(1)
                  + " are needed; taken just above the highest impostor score, where FAR is 0");
      case BELOW_RULE_OF_3 ->
          Optional.of(
              "few impostors: by the rule of 3, a FAR of "
                  + label()
                  + " needs at least "
                  + trialsFor(3)
                  + ", there are "
                  + impostors);
      case BELOW_RULE_OF_30 ->
          Optional.of(
              "few impostors: a FAR of "
                  + label()
                  + " is about "
                  + expectedFalseAccepts(impostors).setScale(0, RoundingMode.HALF_UP)
                  + " of "
                  + impostors
                  + "; the rule of 30 asks for "
                  + trialsFor(30));
      case FULL -> Optional.empty();
    };
  }

  /** Returns the rate as it is written in a figure's name: {@code 1e-3}, {@code 2.5e-3}. */
  public String label() {
    BigDecimal decimal = decimal().stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    return decimal.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
  }

  private BigDecimal expectedFalseAccepts(long impostors) {
    return decimal().multiply(BigDecimal.valueOf(impostors));
  }

  private BigDecimal trialsFor(int errors) {
    return BigDecimal.valueOf(errors).divide(decimal(), 0, RoundingMode.CEILING);
  }

  private BigDecimal decimal() {
    return new BigDecimal(Double.toString(rate));
  }
}
