package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mien.data.manifest.FaceManifest;

/** A folder of a million images, which exists in this test only. */
final class FolderScaleTest {
  private static final int IDENTITIES = 10_000;
  private static final int IMAGES = 100;

  private static final Path ROOT = Path.of("/faces");

  private static final class ManyFiles implements FolderTree {
    @Override
    public Path realRoot(Path folder) {
      return folder;
    }

    @Override
    public List<String> names(Path folder) {
      return folder.equals(ROOT)
          ? IntStream.range(0, IDENTITIES).mapToObj(i -> name("m.%07d", i)).toList()
          : IntStream.range(0, IMAGES).mapToObj(i -> name("%d-FaceId-0.jpg", i)).toList();
    }

    @Override
    public Kind kind(Path root, Path entry) {
      return entry.getParent().equals(ROOT) ? Kind.FOLDER : Kind.FILE;
    }

    private static String name(String format, int number) {
      return String.format(Locale.ROOT, format, number);
    }
  }

  @Test
  void aMillionImagesTakeLessThanFortyBytesEach() {
    long before = usedBytes();
    FaceManifest manifest =
        new IdentityFolders("many", ROOT, 1, (identity, file) -> Optional.empty(), new ManyFiles())
            .open();
    long bytesEach = (usedBytes() - before) / (IDENTITIES * IMAGES);
    assertEquals(IDENTITIES * IMAGES, manifest.samples().size());
    // The name's 15 bytes, 4 of its place, and a hundredth of an identity's. As objects: above 300.
    assertTrue(bytesEach < 40, bytesEach + " bytes a sample");

    assertEquals("m.0000000/0-FaceId-0.jpg", manifest.samples().key(0));
    assertEquals("m.0000000/1-FaceId-0.jpg", manifest.samples().key(1));
    assertEquals("m.0000000/10-FaceId-0.jpg", manifest.samples().key(2));
    assertEquals("m.0009999/99-FaceId-0.jpg", manifest.samples().key(999_999));
    assertEquals("m.0005000", manifest.samples().identity(500_000));
    assertEquals("m.0004999", manifest.samples().identity(499_999));
    assertSame(manifest.samples().identity(500_000), manifest.samples().identity(500_099));
    assertEquals(manifest.samples().key(777), manifest.samples().get(777).key());
    assertEquals(IDENTITIES, manifest.identities().size());
  }

  private static long usedBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
