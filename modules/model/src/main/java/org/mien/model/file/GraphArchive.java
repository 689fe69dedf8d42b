package org.mien.model.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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

  private static void writeArray(ZipOutputStream zip, String name, INDArray values)
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
    byte[] coefficients = zip.bytes(ModelSerializer.COEFFICIENTS_BIN, Long.MAX_VALUE);
    try {
      ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(json);
      long expected =
          configuration.getVertices().values().stream()
              .mapToLong(vertex -> vertex.numParams(true))
              .reduce(0, Math::addExact);
      INDArray parameters = array(file, ModelSerializer.COEFFICIENTS_BIN, coefficients, expected);
      ComputationGraph graph = new ComputationGraph(configuration);
      graph.init(parameters, false);
      if (withUpdater && zip.has(ModelSerializer.UPDATER_BIN)) {
        byte[] state = zip.bytes(ModelSerializer.UPDATER_BIN, Long.MAX_VALUE);
        INDArray current = new ComputationGraphUpdater(graph).getStateViewArray();
        long length = current == null ? 0 : current.length();
        graph.setUpdater(
            new ComputationGraphUpdater(
                graph, array(file, ModelSerializer.UPDATER_BIN, state, length)));
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
   * Reads an array after checking that its header says what its bytes can hold. The layout is two
   * buffers, shape and values, each: allocation mode (text), length (long), type (text), numbers.
   */
  private static INDArray array(Path file, String entry, byte[] bytes, long expected) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
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
      if (!type.isFPType() || in.available() != length * type.width()) {
        throw damaged(
            file, entry, in.available() + " bytes for " + length + " numbers of type " + type);
      }
      return Nd4j.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException | ArithmeticException | IllegalArgumentException e) {
      throw DataException.in(file, "the entry " + entry + " is damaged (" + e + ")", e);
    }
  }

  private static DataException damaged(Path file, String entry, String what) {
    return DataException.in(file, "the entry " + entry + " is damaged: it has " + what);
  }
}
