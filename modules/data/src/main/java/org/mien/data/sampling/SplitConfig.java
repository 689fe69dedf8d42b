package org.mien.data.sampling;

import org.mien.core.config.Setting;

/**
 * How a data set is divided; see {@link Split} for the rules.
 *
 * @param verificationIdentities fraction of identities that are never trained on
 * @param testEvery every n-th image of a training identity is for the test; 0 for none
 * @param validationEvery every n-th of the images then left is for validation; 0 for none
 */
public record SplitConfig(
    @Setting(
            value = "Fraction of the identities held out entirely, for verification; 0 for none.",
            defaultValue = "0.2",
            min = 0,
            max = 1,
            exclusiveMax = true)
        double verificationIdentities,
    @Setting(
            value = "Every n-th image of each training identity is held out for the test; 0: none.",
            defaultValue = "5",
            min = 0,
            max = 100000)
        int testEvery,
    @Setting(
            value =
                "Every n-th of the images not held out for the test goes to validation; 0: none.",
            defaultValue = "8",
            min = 0,
            max = 100000)
        int validationEvery) {
  public SplitConfig {
    if (!(verificationIdentities >= 0 && verificationIdentities < 1)) {
      throw new IllegalArgumentException(
          "expected verificationIdentities in [0, 1), was " + verificationIdentities);
    }
    checkEvery("testEvery", testEvery);
    checkEvery("validationEvery", validationEvery);
  }

  private static void checkEvery(String key, int every) {
    if (every < 0 || every == 1) {
      throw new IllegalArgumentException(
          "expected "
              + key
              + " of 0 (none) or at least 2, was "
              + every
              + (every == 1 ? ", which leaves nothing to train on" : ""));
    }
  }
}
