package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Mien brings along: natives of this system alone, and no library of other terms. */
final class ClassPathTest {
  private static final List<String> JARS =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(entry -> Path.of(entry).getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .toList();

  private static List<String> matching(String pattern) {
    return JARS.stream().filter(Pattern.compile(pattern).asPredicate()).toList();
  }

  @Test
  void nativesAreOfOneSystem() {
    assertEquals(List.of(), matching("^(opencv|openblas|javacpp|nd4j-native|ffmpeg)-platform"));
    List<String> systems =
        matching("-(linux|macosx|windows|android|ios)-").stream()
            .map(
                name ->
                    name.replaceAll(
                        ".*-(linux|macosx|windows|android|ios)-([a-z0-9_]+).*", "$1-$2"))
            .distinct()
            .toList();
    assertEquals(1, systems.size(), systems.toString());
  }

  @Test
  void onlyTheNd4jWithOneDnnIsThere() {
    List<String> natives = matching("^nd4j-native-1.*-(linux|macosx|windows)-");
    assertEquals(1, natives.size(), natives.toString());
  }

  @Test
  void noLibraryIsUnderTheGplOrLgplAndThereIsOneLoggingBackend() {
    assertEquals(List.of(), matching("^(jfreesvg|vectorgraphics2d|smile-|VectorGraphics2D)"));
    assertEquals(List.of(), matching("^(log4j-1|slf4j-log4j12|slf4j-simple)"));
    assertEquals(1, matching("^logback-classic").size());
  }
}
