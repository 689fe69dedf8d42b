package org.mien.data.source.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mien.core.random.SeedStreams;

class ParametersTest {
  private static final SeedStreams SEEDS = new SeedStreams(5);

  @Test
  void aPersonDependsOnSeedAndIndexAlone() {
    IdentityParameters person = IdentityParameters.of(SEEDS, 17);
    NuisanceParameters.of(SEEDS, 17, 3);
    assertEquals(person, IdentityParameters.of(new SeedStreams(5), 17));
    assertNotEquals(person, IdentityParameters.of(SEEDS, 18));
    assertNotEquals(person, IdentityParameters.of(new SeedStreams(6), 17));
  }

  @Test
  void everyVariantOccursAmongAThousandPeople() {
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      IdentityParameters person = IdentityParameters.of(SEEDS, i);
      seen.add(person.hair().style());
      seen.add(person.hair().color());
      seen.add(person.eyes().color());
      seen.add(person.facialHair().style());
      seen.add(person.glasses().style());
      seen.add(NuisanceParameters.of(SEEDS, i, 0).face().expression());
    }
    int variants =
        HairStyle.values().length
            + HairColor.values().length
            + EyeColor.values().length
            + FacialHairStyle.values().length
            + GlassesStyle.values().length
            + Expression.values().length;
    assertEquals(variants, seen.size());
  }

  @Test
  void deviationsHaveMeanZeroAndVarianceOne() {
    Draws draws = new Draws(SEEDS.stream("test"));
    int count = 20_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double value = draws.deviation();
      assertTrue(Math.abs(value) <= IdentityParameters.MAX_DEVIATION);
      sum += value;
      squares += value * value;
    }
    // Five standard errors.
    assertEquals(0, sum / count, 5 / Math.sqrt(count));
    assertEquals(1, squares / count, 0.05);
  }

  @Test
  void weightedDrawsFollowTheirWeights() {
    Draws draws = new Draws(SEEDS.stream("weights"));
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 8000; i++) {
      counts.merge(draws.choose(new String[] {"a", "b", "c"}, 1, 0, 3), 1, Integer::sum);
    }
    assertEquals(Set.of("a", "c"), counts.keySet());
    assertEquals(6000, counts.get("c"), 250);
    assertThrows(IllegalArgumentException.class, () -> draws.choose(new String[] {"a"}, 1, 2));
  }

  @Test
  void strengthScalesTheSamePicture() {
    for (int image = 0; image < 50; image++) {
      NuisanceParameters weak = NuisanceParameters.of(SEEDS, 1, image, 0.5);
      NuisanceParameters usual = NuisanceParameters.of(SEEDS, 1, image, 1);
      assertEquals(usual.pose().yawDegrees(), 2 * weak.pose().yawDegrees(), 1e-9, "image " + image);
      assertEquals(usual.face().expression(), weak.face().expression());
      assertTrue(weak.camera().blurSigma() <= usual.camera().blurSigma());
    }
  }

  @Test
  void valuesOutsideTheirRangeAreRefusedByName() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new IdentityParameters.Ears(3.5, 0));
    assertTrue(refused.getMessage().contains("ears.size"), refused.getMessage());
    assertTrue(refused.getMessage().contains("3.5"), refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new IdentityParameters.Ears(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> NuisanceParameters.of(SEEDS, 0, 0, 2.1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new NuisanceParameters.Face(Expression.NEUTRAL, 0.5, 0, 0, 0, 0, true, false));
  }
}
