package org.mien.data.source.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.source.SyntheticConfig;

class SyntheticFacesTest {
  private static final SeedStreams SEEDS = new SeedStreams(11);

  @Test
  void keysAndIdentitiesArePaddedUniqueAndInOrder() {
    FaceManifest manifest = SyntheticFaces.manifest(SEEDS, 98, 4, 3, 32, 1);
    assertEquals(12, manifest.samples().size());
    assertEquals(
        List.of("identity-000098", "identity-000099", "identity-000100", "identity-000101"),
        manifest.identities());
    assertEquals("identity-000098/000000", manifest.samples().get(0).key());
    assertEquals("identity-000101/000002", manifest.samples().get(11).key());
    List<String> keys = manifest.samples().stream().map(FaceSample::key).toList();
    assertEquals(keys.stream().sorted().toList(), keys);
    assertTrue(manifest.skipped().isEmpty());
  }

  @Test
  void aPersonIsTheSameInEveryDataSetOfTheSeed() {
    FaceSample fromAll = SyntheticFaces.manifest(SEEDS, 0, 6, 2, 32, 1).samples().get(5 * 2 + 1);
    FaceSample alone = SyntheticFaces.manifest(SEEDS, 5, 1, 4, 32, 1).samples().get(1);
    assertEquals(fromAll.key(), alone.key());
    assertEquals(fromAll.attributes(), alone.attributes());
    assertEquals(fromAll.image().fingerprint(), alone.image().fingerprint());
    assertArrayEquals(fromAll.image().decode().rgb(), alone.image().decode().rgb());
  }

  @Test
  void fingerprintsTellEveryParameterApart() {
    Set<String> seen = new HashSet<>();
    List<SyntheticImageSource> sources =
        List.of(
            new SyntheticImageSource(SEEDS, 1, 2, 32, 1),
            new SyntheticImageSource(new SeedStreams(12), 1, 2, 32, 1),
            new SyntheticImageSource(SEEDS, 2, 2, 32, 1),
            new SyntheticImageSource(SEEDS, 1, 1, 32, 1),
            new SyntheticImageSource(SEEDS, 1, 2, 33, 1),
            new SyntheticImageSource(SEEDS, 1, 2, 32, 0.5));
    sources.forEach(source -> seen.add(source.fingerprint()));
    assertEquals(sources.size(), seen.size());
    assertEquals(
        sources.get(0).fingerprint(), new SyntheticImageSource(SEEDS, 1, 2, 32, 1).fingerprint());
  }

  @Test
  void labelsAreTheParametersOfThePicture() {
    FaceManifest manifest = SyntheticFaces.manifest(SEEDS, 0, 60, 4, 32, 1);
    Set<String> expressions = new HashSet<>();
    int glasses = 0;
    for (FaceSample sample : manifest.samples()) {
      SyntheticImageSource source = (SyntheticImageSource) sample.image();
      IdentityParameters identity = source.identityParameters();
      NuisanceParameters nuisance = source.nuisanceParameters();
      Map<String, String> labels = sample.attributes();
      expressions.add(labels.get("expression"));
      assertEquals(nuisance.face().expression().label(), labels.get("expression"));
      assertEquals(
          nuisance.pose().yawDegrees(), Double.parseDouble(labels.get("yawDegrees")), 0.0501);
      assertEquals(
          identity.ageYears() + nuisance.face().ageOffsetYears(),
          Double.parseDouble(labels.get("age")),
          // Half a year of rounding, and nobody is shown younger than eighteen.
          identity.ageYears() < 22 ? 4.5 : 0.51);
      assertEquals(identity.hair().style().label(), labels.get("hair"));
      boolean worn =
          nuisance.face().sunglasses()
              || (nuisance.face().glassesOn() && identity.glasses().style() != GlassesStyle.NONE);
      assertEquals(worn, !"none".equals(labels.get("glasses")));
      glasses += worn ? 1 : 0;
      int tone = Integer.parseInt(labels.get("skinTone"));
      assertTrue(tone >= 1 && tone <= 6, "skinTone " + tone);
    }
    assertEquals(Expression.values().length, expressions.size());
    assertTrue(glasses > 10 && glasses < 140, glasses + " of 240 with glasses");
  }

  @Test
  void greyHairIsLabelledGrey() {
    IdentityParameters person = IdentityParameters.of(SEEDS, 0);
    IdentityParameters.Hair h = person.hair();
    IdentityParameters.Hair greying =
        new IdentityParameters.Hair(h.style(), HairColor.RED, 0, 0, 0, 0, 1, 50, h.seed());
    assertEquals("red", hairColor(person, greying, 45));
    assertEquals("grey", hairColor(person, greying, 55));
  }

  private static String hairColor(
      IdentityParameters p, IdentityParameters.Hair hair, double ageYears) {
    IdentityParameters changed =
        new IdentityParameters(
            p.head(),
            p.eyes(),
            p.brows(),
            p.nose(),
            p.mouth(),
            p.ears(),
            hair,
            p.skin(),
            p.facialHair(),
            p.glasses(),
            ageYears);
    return SyntheticFaces.attributes(changed, NuisanceParameters.neutral()).get("hairColor");
  }

  @Test
  void rangesThatDoNotFitAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> SyntheticFaces.manifest(SEEDS, -1, 1, 1, 32, 1));
    assertThrows(
        IllegalArgumentException.class, () -> SyntheticFaces.manifest(SEEDS, 0, 0, 1, 32, 1));
    assertThrows(
        IllegalArgumentException.class, () -> SyntheticFaces.manifest(SEEDS, 0, 1, 0, 32, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> SyntheticFaces.manifest(SEEDS, SyntheticFaces.MAX_INDEX, 2, 1, 32, 1));
    assertThrows(
        IllegalArgumentException.class, () -> SyntheticFaces.manifest(SEEDS, 0, 1, 1, 8, 1));
    assertThrows(
        IllegalArgumentException.class, () -> SyntheticFaces.manifest(SEEDS, 0, 1, 1, 32, -0.1));
  }

  @Test
  void everyKeyOfTheConfigReachesTheSamples() {
    FaceManifest manifest = new SyntheticConfig(7, 2, 3, 48, 0.5).open(SEEDS);
    assertEquals(6, manifest.samples().size());
    assertEquals(new SyntheticImageSource(SEEDS, 8, 2, 48, 0.5), manifest.samples().get(5).image());
    assertNotEquals(
        manifest.samples().get(0).image().fingerprint(),
        new SyntheticConfig(7, 2, 3, 48, 1).open(SEEDS).samples().get(0).image().fingerprint());
  }
}
