package org.mien.data.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;

final class PictureNamesTest {
  private static FaceSamples samples(String... keys) {
    return FaceSamples.copyOf(
        List.of(keys).stream()
            .map(key -> new FaceSample(key, "x", new FileImageSource(Path.of("x")), Map.of()))
            .toList());
  }

  private static String name(String key) {
    return new PictureNames(samples(key), "jpg").of(key);
  }

  @Test
  void ordinaryKeysAreKept() {
    assertEquals("Ann_Lee/Ann_Lee_0001.jpg", name("Ann_Lee/Ann_Lee_0001.jpg"));
    assertEquals("Ann_Lee/Ann_Lee_0001.jpg", name("Ann_Lee/Ann_Lee_0001.PNG"));
    assertEquals("train/000123.jpg", name("train/000123"));
    assertEquals("53415754@N00/37731000_1.jpg", name("53415754@N00/37731000_1.jpg"));
    assertEquals("Gerhard Schröder/v1.2 (1).jpg", name("Gerhard Schröder/v1.2 (1).bmp"));
    assertEquals("a/b.png", new PictureNames(samples("a/b.jpg"), "png").of("a/b.jpg"));
  }

  @Test
  void nothingLeavesTheFolder() {
    for (String key :
        List.of(
            "../../etc/passwd",
            "/etc/passwd",
            "a/../../b.jpg",
            "..\\..\\b.jpg",
            "C:\\windows\\b.jpg",
            "a//b.jpg",
            "./a.jpg",
            "..",
            ".",
            "",
            "/",
            "a/",
            ".hidden/.jpg",
            "con/nul.jpg",
            "a/b\u0000c.jpg",
            "a/b\nc.jpg",
            "a/b\u202Egpj.jpg",
            "a./b .jpg",
            "rec:12/3?.jpg",
            "x~0123456789abcdef.jpg",
            "a/" + "n".repeat(500) + ".jpg",
            "d/".repeat(900) + "x.jpg")) {
      String name = name(key);
      Path root = Path.of("/root/images");
      assertTrue(root.resolve(name).normalize().startsWith(root), key + " became " + name);
      assertEquals(root.resolve(name), root.resolve(name).normalize(), key);
      assertTrue(name.matches("([^/~]+/)*[^/~]*~[0-9a-f]{16}\\.jpg"), key + " became " + name);
      assertFalse(name.chars().anyMatch(c -> c < ' '), name);
      for (String step : name.split("/", -1)) {
        assertFalse(step.startsWith(".") || step.endsWith(" "), key + " became " + name);
        assertTrue(step.getBytes(StandardCharsets.UTF_8).length <= 150, name);
      }
    }
  }

  @Test
  void keysThatWouldShareAFileGetTwo() {
    String[] keys = {
      "a/1.jpg",
      "a/1.png",
      "A/1.jpg",
      "a/1",
      "a/2.jpg",
      "e\u0301/1.jpg",
      "\u00e9/1.jpg",
      "b",
      "b.jpg/c",
      "b_jpg/c",
      "q?.jpg",
      "q*.jpg",
      "q_.jpg"
    };
    PictureNames names = new PictureNames(samples(keys), "jpg");
    Set<String> files = new HashSet<>();
    for (String key : keys) {
      assertTrue(files.add(names.of(key).toLowerCase(Locale.ROOT)), key);
    }
    assertEquals("a/2.jpg", names.of("a/2.jpg"));
    assertEquals("q_.jpg", names.of("q_.jpg"));
    // No file has the name of a folder.
    for (String file : files) {
      assertFalse(files.stream().anyMatch(other -> other.startsWith(file + "/")), file);
    }
  }

  @Test
  void namesDoNotDependOnTheOrderOfTheSamples() {
    String[] keys = {"a/1.jpg", "a/1.png", "b/1.jpg"};
    String[] reversed = {"b/1.jpg", "a/1.png", "a/1.jpg"};
    for (String key : keys) {
      assertEquals(
          new PictureNames(samples(keys), "jpg").of(key),
          new PictureNames(samples(reversed), "jpg").of(key));
    }
  }

  @Test
  void randomKeysNeitherLeaveNorCollide() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "aA.~/\\ _-:*\u0000\u00e9\u0301jpgn1";
    Set<String> keys = new HashSet<>();
    while (keys.size() < 2000) {
      StringBuilder key = new StringBuilder();
      int length = random.nextInt(9);
      for (int i = 0; i < length; i++) {
        key.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      keys.add(key.toString());
    }
    PictureNames names = new PictureNames(samples(keys.toArray(String[]::new)), "jpg");
    Set<String> files = new HashSet<>();
    Path root = Path.of("/root/images");
    for (String key : keys) {
      String name = names.of(key);
      assertEquals(root.resolve(name), root.resolve(name).normalize(), "seed " + seed);
      assertTrue(root.resolve(name).startsWith(root), "seed " + seed);
      assertTrue(files.add(name.toLowerCase(Locale.ROOT)), "seed " + seed + " key " + key);
    }
  }
}
