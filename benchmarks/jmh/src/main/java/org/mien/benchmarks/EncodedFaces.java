package org.mien.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** JPEG files in memory, so that no disk is measured. */
final class EncodedFaces {
  private EncodedFaces() {}

  /** Reads up to {@code count} JPEGs of a folder and those in it, spread over all of them. */
  static byte[][] of(Path folder, int count) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
    }
    if (files.isEmpty()) {
      throw new IOException(folder + " holds no .jpg files");
    }
    List<byte[]> images = new ArrayList<>();
    int wanted = Math.min(count, files.size());
    for (int i = 0; i < wanted; i++) {
      images.add(Files.readAllBytes(files.get((int) ((long) i * files.size() / wanted))));
    }
    return images.toArray(byte[][]::new);
  }
}
