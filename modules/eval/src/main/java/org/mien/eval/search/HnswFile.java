package org.mien.eval.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.run.AtomicFiles;

/**
 * The file of an index: big-endian numbers, ended by a checksum of all before it.
 *
 * <p>It names its gallery by a SHA-256 of rows, dimension and embeddings. That an index fits is
 * therefore known, not guessed from names and times.
 */
final class HnswFile {
  private static final byte[] MAGIC = "MIENHNSW".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int DIGEST_DIGITS = 64;
  private static final int MOST_LAYERS = 64;
  private static final int HEADER_INTS = 11;
  private static final int HEADER_BYTES =
      MAGIC.length + DIGEST_DIGITS + 2 * Long.BYTES + HEADER_INTS * Integer.BYTES;
  private static final int BLOCK = 512;

  private HnswFile() {}

  record Content(StoredGraph graph, HnswSettings settings, SearchRecall recall) {}

  static void write(
      Path file,
      EmbeddingRows gallery,
      StoredGraph graph,
      HnswSettings settings,
      SearchRecall recall) {
    long bytes = (long) HEADER_BYTES + Long.BYTES;
    for (StoredGraph.Layer layer : graph.layers()) {
      bytes +=
          (2L + (layer.nodes == null ? 1 : 2) * (long) layer.ends.length + layer.links.length)
              * Integer.BYTES;
    }
    if (bytes > Integer.MAX_VALUE - 8) {
      throw DataException.in(file, "the index would take " + bytes + " bytes, more than 2 GB");
    }
    ByteBuffer out = ByteBuffer.allocate((int) bytes);
    out.put(MAGIC).putInt(VERSION);
    out.put(fingerprint(gallery).getBytes(StandardCharsets.US_ASCII));
    out.putInt(gallery.rows()).putInt(gallery.dimension());
    out.putInt(settings.m()).putInt(settings.efConstruction()).putInt(settings.efSearch());
    out.putLong(settings.seed());
    out.putInt(recall.probes()).putInt(recall.k()).putInt(recall.foundFirst());
    out.putLong(recall.foundInK());
    out.putInt(graph.numLevels()).putInt(graph.entryNode());
    for (StoredGraph.Layer layer : graph.layers()) {
      out.putInt(layer.ends.length).putInt(layer.links.length);
      for (int[] numbers : new int[][] {layer.nodes, layer.ends, layer.links}) {
        if (numbers != null) {
          out.asIntBuffer().put(numbers);
          out.position(out.position() + numbers.length * Integer.BYTES);
        }
      }
    }
    out.putLong(checksum(out.array(), out.position()));
    AtomicFiles.writeBytes(file, out.array());
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return sum.getValue();
  }

  private static String fingerprint(EmbeddingRows gallery) {
    Fingerprint all = new Fingerprint().add(gallery.rows()).add(gallery.dimension());
    float[] block = new float[BLOCK * gallery.dimension()];
    for (int first = 0; first < gallery.rows(); first += BLOCK) {
      int count = Math.min(BLOCK, gallery.rows() - first);
      gallery.read(first, count, block);
      all.add(count == BLOCK ? block : Arrays.copyOf(block, count * gallery.dimension()));
    }
    return all.hex();
  }

  static Content read(Path file, EmbeddingRows gallery) {
    byte[] bytes;
    try {
      if (Files.size(file) > Integer.MAX_VALUE - 8) {
        throw damaged(file, "it is larger than 2 GB");
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "no such file; mien index makes it", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    if (bytes.length >= MAGIC.length) {
      in.get(magic);
    }
    if (!Arrays.equals(magic, MAGIC)) {
      throw DataException.in(file, "expected an index that mien index wrote, was something else");
    }
    if (bytes.length < HEADER_BYTES + Long.BYTES) {
      throw damaged(file, "it ends after " + bytes.length + " bytes, in its header");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw DataException.in(
          file,
          "has version "
              + version
              + " of the format, this Mien reads "
              + VERSION
              + "; mien index makes it anew");
    }
    int end = bytes.length - Long.BYTES;
    if (in.getLong(end) != checksum(bytes, end)) {
      throw damaged(file, "its checksum does not fit, it was cut short or changed");
    }
    in.limit(end);
    byte[] digest = new byte[DIGEST_DIGITS];
    in.get(digest);
    int rows = in.getInt();
    int dimension = in.getInt();
    if (rows < 2 || rows != gallery.rows() || dimension != gallery.dimension()) {
      throw stale(
          file,
          String.format(
              "has %d embeddings of %d numbers, the gallery %d of %d",
              rows, dimension, gallery.rows(), gallery.dimension()));
    }
    if (!new String(digest, StandardCharsets.US_ASCII).equals(fingerprint(gallery))) {
      throw stale(file, "is of other embeddings than the gallery's");
    }
    try {
      return content(in, rows);
    } catch (IllegalArgumentException e) {
      throw damaged(file, e.getMessage());
    }
  }

  private static Content content(ByteBuffer in, int rows) {
    int m = in.getInt();
    HnswSettings settings = new HnswSettings(m, in.getInt(), in.getInt(), in.getLong());
    SearchRecall recall =
        new SearchRecall(
            within("rows held out", in.getInt(), 1, rows - 1),
            within("best matches", in.getInt(), 1, rows - 1),
            in.getInt(),
            in.getLong());
    StoredGraph.Layer[] layers =
        new StoredGraph.Layer[within("layers", in.getInt(), 1, MOST_LAYERS)];
    int entry = within("the entry", in.getInt(), 0, rows - 1);
    for (int level = 0; level < layers.length; level++) {
      int count = within("rows of a layer", next(in), level == 0 ? rows : 1, rows);
      int linkCount = within("links", next(in), 0, in.remaining() / Integer.BYTES);
      int[] nodes = level == 0 ? null : numbers(in, count);
      int[] ends = numbers(in, count);
      int[] links = numbers(in, linkCount);
      layers[level] = new StoredGraph.Layer(nodes, ends, links);
      check(layers, level, rows, level == 0 ? 2 * m : m);
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes are left over");
    }
    if (layers[layers.length - 1].place(entry) < 0) {
      throw new IllegalArgumentException("the entry is not on the highest layer");
    }
    return new Content(new StoredGraph(layers, entry), settings, recall);
  }

  /** A walk takes every number on trust: none may lead outside the arrays, or to a lower layer. */
  private static void check(StoredGraph.Layer[] layers, int level, int rows, int most) {
    StoredGraph.Layer layer = layers[level];
    if (layer.nodes != null) {
      for (int i = 0; i < layer.nodes.length; i++) {
        within("a row", layer.nodes[i], i == 0 ? 0 : layer.nodes[i - 1] + 1, rows - 1);
        if (layers[level - 1].place(layer.nodes[i]) < 0) {
          throw new IllegalArgumentException(
              "row " + layer.nodes[i] + " is on layer " + level + " and not below");
        }
      }
    }
    int end = 0;
    for (int next : layer.ends) {
      end = within("the end of a row's links", next, end, Math.min(layer.links.length, end + most));
    }
    within("the end of all links", end, layer.links.length, layer.links.length);
    for (int link : layer.links) {
      within("a link", link, 0, rows - 1);
      if (layer.place(link) < 0) {
        throw new IllegalArgumentException(
            "a link on layer " + level + " to row " + link + ", which is not on it");
      }
    }
  }

  private static int next(ByteBuffer in) {
    within("bytes left", in.remaining(), Integer.BYTES, Integer.MAX_VALUE);
    return in.getInt();
  }

  private static int[] numbers(ByteBuffer in, int count) {
    within("numbers", count, 0, in.remaining() / Integer.BYTES);
    int[] numbers = new int[count];
    IntBuffer ints = in.asIntBuffer();
    ints.get(numbers);
    in.position(in.position() + count * Integer.BYTES);
    return numbers;
  }

  private static int within(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          String.format("%s: expected %d to %d, was %d", what, least, most, value));
    }
    return value;
  }

  private static DataException damaged(Path file, String how) {
    return DataException.in(file, "the index is damaged: " + how + "; mien index makes it anew");
  }

  private static DataException stale(Path file, String how) {
    return DataException.in(
        file, "the index " + how + "; the gallery changed since, mien index makes it anew");
  }
}
