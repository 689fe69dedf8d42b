package org.mien.data.descriptor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.TypeName;
import org.mien.core.error.ConfigException;
import org.mien.data.protocol.ProtocolConfig;
import org.mien.data.source.DatasetConfig;
import org.mien.testing.DataFolder;

final class DatasetDescriptorTest {
  private static final Path FOLDER = DataFolder.projectRoot().resolve("datasets");

  @TempDir Path folder;

  @Test
  void everySetOfTheFieldHasADescriptorThatIsComplete() throws IOException {
    SortedMap<String, DatasetDescriptor> all = all();

    assertEquals(
        Set.of(
            "agedb-30",
            "calfw",
            "caltech-faces",
            "casia-webface",
            "cfp",
            "congress",
            "cplfw",
            "fer2013",
            "glint360k",
            "ijb-b",
            "ijb-c",
            "lfw",
            "megaface",
            "ms1mv3",
            "orl",
            "rfw",
            "synthetic",
            "utkface"),
        all.keySet());
    all.forEach(
        (name, descriptor) -> {
          assertEquals(name, descriptor.name());
          assertEquals(
              !name.equals("synthetic"), descriptor.images().complete().images().isPresent(), name);
          boolean pairsAreCounted =
              descriptor.protocols().values().stream()
                  .allMatch(
                      counts ->
                          counts.containsKey("pairs")
                              || counts.containsKey("probes")
                              || counts.containsKey("gallery G1"));
          assertTrue(pairsAreCounted, name);
          descriptor
              .protocols()
              .forEach(
                  (protocol, counts) -> {
                    if (counts.containsKey("pairs")) {
                      assertEquals(
                          counts.get("pairs"),
                          counts.get("genuine") + counts.get("impostor"),
                          name + " " + protocol);
                    }
                  });
        });
  }

  private static void addTypes(Class<?> sealed, Set<String> types) {
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (permitted.isInterface()) {
        addTypes(permitted, types);
      } else {
        types.add(permitted.getAnnotation(TypeName.class).value());
      }
    }
  }

  @Test
  void everyDescriptorNamesSourcesAndProtocolsThatExist() throws IOException {
    Set<String> types = new HashSet<>();
    addTypes(DatasetConfig.class, types);
    addTypes(ProtocolConfig.class, types);
    all()
        .forEach(
            (name, descriptor) ->
                descriptor
                    .openedBy()
                    .forEach(type -> assertTrue(types.contains(type), name + ": " + type)));
  }

  @Test
  void setsThatWereNotAtHandSayWhatWasTriedInstead() throws IOException {
    all()
        .forEach(
            (name, descriptor) -> {
              if (!descriptor.triedOnRealFiles()) {
                assertTrue(descriptor.tried().contains("made for tests"), name);
                assertFalse(descriptor.unverified().isEmpty(), name);
              }
            });
  }

  @Test
  void lfwKeepsItsFacts() {
    DatasetDescriptor lfw = DatasetDescriptor.load(FOLDER.resolve("lfw.yaml"));

    assertEquals(Optional.of(13_233L), lfw.part("complete").orElseThrow().images());
    assertEquals(Optional.of(158L), lfw.part("tenOrMore").orElseThrow().identities());
    assertEquals(Optional.empty(), lfw.part("twelveOrMore"));
    assertEquals(List.of("complete", "tenOrMore", "pairsOnly"), List.copyOf(lfw.parts().keySet()));
    assertEquals(6000L, lfw.protocols().get("pairs.txt").get("pairs"));
    assertEquals(
        Optional.of("9f1ba174e4e1c508ff7cdf10ac338a7d"), lfw.checksums().get("pairs.txt").md5());
    assertEquals(5, lfw.mirrors().size());
  }

  @Test
  void wrongValuesAreRefusedWithTheirPlace() throws IOException {
    String orl = Files.readString(FOLDER.resolve("orl.yaml"));

    assertRefused(
        orl + "checksums: {a.zip: {md5: 1234abcd}}\n", "checksums.a.zip", "32 lower-case");
    assertRefused(orl + "checksums: {a.zip: {}}\n", "checksums.a.zip", "expected an md5");
    assertRefused(orl + "unverified: [images.complete.peple]\n", "images.complete.peple", "given:");
    assertRefused(orl.replace("92x112", "92 by 112"), "images.complete", "250x250");
    assertRefused(orl.replace("identities: 40,", "identities: 401,"), "401 identities of 400");
    assertRefused(orl.replace("licence:", "license:"), "license", "did you mean licence?");
    assertRefused(orl.replace("openedBy: [folder]", "openedBy: []"), "openedBy");
    assertRefused(
        orl.replace("  complete:", "  subsets: {complete: {images: 1}}\n  complete:"),
        "may not be called complete");
  }

  private void assertRefused(String yaml, String... expected) throws IOException {
    Path file = folder.resolve("set.yaml");
    Files.writeString(file, yaml);
    ConfigException refused =
        assertThrows(ConfigException.class, () -> DatasetDescriptor.load(file), yaml);
    for (String text : expected) {
      assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }
  }

  @Test
  void defaultsFit() {
    ConfigLoader.checkDefaults(DatasetDescriptor.class);
  }

  private static SortedMap<String, DatasetDescriptor> all() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(FOLDER)) {
      found.filter(file -> file.toString().endsWith(".yaml")).forEach(files::add);
    }
    SortedMap<String, DatasetDescriptor> all = new TreeMap<>();
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".yaml", "");
      all.put(name, DatasetDescriptor.load(file));
    }
    return all;
  }
}
