package org.mien.model.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.util.ModelSerializer;
import org.mien.core.error.DataException;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The entries by which Deeplearning4j keeps a graph in a zip, written as it writes them and read
 * with more care.
 *
 * <p>Deeplearning4j builds whatever classes the configuration names, and allocates what the
 * configuration and the headers of the arrays say. Here the classes are held to those of
 * Deeplearning4j, ND4J and Mien, and configuration, headers and bytes have to agree before anything
 * is built.
 */
public final class GraphArchive {
  private static final long MOST_CONFIGURATION_BYTES = 16 << 20;
  private static final int MOST_NESTING = 200;
  private static final Set<String> ALLOWED =
      Set.of("org.deeplearning4j.nn.", "org.nd4j.linalg.", "org.mien.model.");

  private GraphArchive() {}

  /**
   * Writes a graph.
   *
   * @param withUpdater whether the optimiser's state goes along, for training to go on exactly
   */
  public static void write(ZipOutputStream zip, ComputationGraph graph, boolean withUpdater)
      throws IOException {
    zip.putNextEntry(new ZipEntry(ModelSerializer.CONFIGURATION_JSON));
    zip.write(graph.getConfiguration().toJson().getBytes(UTF_8));
    zip.closeEntry();
    writeArray(zip, ModelSerializer.COEFFICIENTS_BIN, graph.params());
    INDArray state = withUpdater ? graph.getUpdater().getStateViewArray() : null;
    if (state != null && !state.isEmpty()) {
      writeArray(zip, ModelSerializer.UPDATER_BIN, state);
    }
  }

  /**
   * Writes numbers of any length, a piece at a time.
   *
   * @param name of the entry
   */
  public static void writeArray(ZipOutputStream zip, String name, INDArray values)
      throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(zip, 1 << 16));
    Nd4j.write(values, out);
    out.flush();
    zip.closeEntry();
  }

  /**
   * Reads a graph.
   *
   * @param withUpdater whether to restore the optimiser's state, where there is one
   * @throws DataException if an entry is missing, damaged, names a foreign class, or does not fit
   *     the others
   */
  public static ComputationGraph read(BoundedZip zip, boolean withUpdater) {
    Nd4jRuntime.start();
    Path file = zip.file();
    String json =
        new String(zip.bytes(ModelSerializer.CONFIGURATION_JSON, MOST_CONFIGURATION_BYTES), UTF_8);
    checkClasses(file, json);
    try {
      ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(json);
      long expected =
          configuration.getVertices().values().stream()
              .mapToLong(vertex -> vertex.numParams(true))
              .reduce(0, Math::addExact);
      INDArray parameters = readArray(zip, ModelSerializer.COEFFICIENTS_BIN, expected);
      ComputationGraph graph = new ComputationGraph(configuration);
      graph.init(parameters, false);
      if (withUpdater && zip.has(ModelSerializer.UPDATER_BIN)) {
        INDArray current = new ComputationGraphUpdater(graph).getStateViewArray();
        long length = current == null ? 0 : current.length();
        graph.setUpdater(
            new ComputationGraphUpdater(
                graph, readArray(zip, ModelSerializer.UPDATER_BIN, length)));
      }
      return graph;
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever Deeplearning4j makes of a configuration it cannot use.
      throw DataException.in(
          file, "its configuration is not a graph that Deeplearning4j can build (" + e + ")", e);
    }
  }

  /** Refuses a configuration that names a class other than a network's own building blocks. */
  static void checkClasses(Path file, String json) {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      int depth = 0;
      String field = "";
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > MOST_NESTING) {
          throw DataException.in(file, "its configuration is nested too deeply");
        }
        if (token == JsonToken.FIELD_NAME) {
          field = parser.currentName();
          refuseIfForeign(file, field);
        } else if (token == JsonToken.VALUE_STRING) {
          String value = parser.getText();
          if (field.equals("@class") && !allowed(value)) {
            throw foreign(file, value);
          }
          // Wherever a class may be named: a class that exists is either allowed or refused.
          refuseIfForeign(file, value);
        }
      }
    } catch (IOException e) {
      throw DataException.in(file, "its configuration is not JSON (" + e.getMessage() + ")", e);
    }
  }

  private static void refuseIfForeign(Path file, String text) {
    if (text.indexOf('.') > 0 && !allowed(text) && isClass(text)) {
      throw foreign(file, text);
    }
  }

  private static boolean allowed(String className) {
    return ALLOWED.stream().anyMatch(className::startsWith);
  }

  private static DataException foreign(Path file, String className) {
    return DataException.in(
        file,
        "its configuration names the class "
            + className
            + "; only classes of Deeplearning4j, ND4J and Mien are built");
  }

  private static boolean isClass(String name) {
    try {
      // Found but not initialised: none of its code runs.
      Class.forName(name, false, GraphArchive.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /**
   * Reads numbers of any length after checking that their header says what the entry can hold. The
   * layout is two buffers, shape and values, each: allocation mode (text), length (long), type
   * (text), numbers. Nothing but the numbers themselves is held in memory.
   *
   * @param entry its name
   * @param expected how many numbers there have to be
   * @throws DataException if it is missing or damaged, or holds another number of numbers
   */
  public static INDArray readArray(BoundedZip zip, String entry, long expected) {
    Nd4jRuntime.start();
    long size = zip.size(entry);
    return zip.stream(entry, stream -> array(zip.file(), entry, stream, size, expected));
  }

  private static INDArray array(
      Path file, String entry, InputStream stream, long size, long expected) throws IOException {
    // The header is looked at first, and then given to the library together with the rest.
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    DataInputStream in = new DataInputStream(new Recorder(stream, seen));
    try {
      String mode = in.readUTF();
      long shapeLength = in.readLong();
      String shapeType = in.readUTF();
      // Rank, sizes, strides and three more numbers, for a rank of at most 32.
      if (!shapeType.equals("LONG") || shapeLength < 4 || shapeLength > 68) {
        throw damaged(file, entry, "a header of " + shapeLength + " " + shapeType + ", " + mode);
      }
      long rank = in.readLong();
      if (rank < 0 || 2 * rank + 4 != shapeLength) {
        throw damaged(file, entry, "rank " + rank + " in a header of " + shapeLength);
      }
      long elements = 1;
      for (int axis = 0; axis < rank; axis++) {
        elements = Math.multiplyExact(elements, in.readLong());
      }
      in.skipNBytes((shapeLength - 1 - rank) * Long.BYTES);
      in.readUTF();
      long length = in.readLong();
      DataType type = DataType.valueOf(in.readUTF());
      if (elements != expected || length != expected) {
        throw damaged(file, entry, elements + " numbers where the configuration takes " + expected);
      }
      long left = size - seen.size();
      if (!type.isFPType() || left != Math.multiplyExact(length, (long) type.width())) {
        throw damaged(file, entry, left + " bytes for " + length + " numbers of type " + type);
      }
      return Nd4j.read(
          new DataInputStream(
              new SequenceInputStream(new ByteArrayInputStream(seen.toByteArray()), stream)));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw DataException.in(file, "the entry " + entry + " is damaged (" + e + ")", e);
    }
  }

  /** Keeps what is read of a header; that is at most some hundred bytes and three short texts. */
  private static final class Recorder extends FilterInputStream {
    private final ByteArrayOutputStream seen;

    Recorder(InputStream in, ByteArrayOutputStream seen) {
      super(in);
      this.seen = seen;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      if (value >= 0) {
        seen.write(value);
      }
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      if (count > 0) {
        seen.write(bytes, offset, count);
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      return count > 0 && read() >= 0 ? 1 : 0;
    }
  }

  private static DataException damaged(Path file, String entry, String what) {
    return DataException.in(file, "the entry " + entry + " is damaged: it has " + what);
  }
}
