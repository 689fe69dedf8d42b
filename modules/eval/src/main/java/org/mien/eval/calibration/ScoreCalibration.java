package org.mien.eval.calibration;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.mien.eval.score.Similarity;

/**
 * What a similarity says of two faces: the logarithm of the likelihood ratio {@code ln(P(score |
 * same) / P(score | different))}. It holds for comparisons like those it was learned from, whatever
 * the share of genuine ones among them; the prior is brought in by who asks (Brümmer and du Preez,
 * "Application-independent evaluation of speaker detection", Computer Speech and Language 20,
 * 2006).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LogisticCalibration.class, name = "logistic"),
  @JsonSubTypes.Type(value = IsotonicCalibration.class, name = "isotonic")
})
public sealed interface ScoreCalibration permits LogisticCalibration, IsotonicCalibration {

  /** Returns the natural logarithm of the likelihood ratio; it never falls with the similarity. */
  double logLikelihoodRatio(Similarity similarity);

  /**
   * Returns the probability that both faces are of one identity, {@code 1 / (1 + exp(-(llr +
   * ln(prior / (1 - prior)))))}.
   *
   * @param prior how probable it was before they were compared, in (0, 1)
   */
  default double probabilitySame(Similarity similarity, double prior) {
    if (!(prior > 0 && prior < 1)) {
      throw new IllegalArgumentException("expected a prior in (0, 1), was " + prior);
    }
    double logOdds = logLikelihoodRatio(similarity) + Math.log(prior) - Math.log1p(-prior);
    return 1 / (1 + Math.exp(-logOdds));
  }
}
