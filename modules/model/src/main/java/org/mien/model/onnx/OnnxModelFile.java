package org.mien.model.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import onnx.Onnx;
import org.mien.core.error.DataException;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * A whole ONNX model in memory, read within bounds and checked for what every model must have.
 *
 * <p>Models that keep tensors in further files (external data) are refused: their fingerprint would
 * not cover their weights.
 */
public final class OnnxModelFile {
  /** Protobuf's own limit: a message is shorter than 2 GiB. */
  private static final long LARGEST_BYTES = Integer.MAX_VALUE - 8L;

  private final String name;
  private final byte[] bytes;
  private final Onnx.ModelProto proto;
  private final String sha256;

  private OnnxModelFile(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    this.proto = parse(name, bytes);
    check(name, proto);
    this.sha256 = sha256(bytes);
  }

  /**
   * Reads and checks a file.
   *
   * @throws DataException if it is missing, too large, damaged, or keeps tensors elsewhere
   */
  public static OnnxModelFile read(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_BYTES) {
        throw DataException.in(
            file, size + " bytes; an ONNX model in one file is shorter than 2 GiB");
      }
      // The bytes, what ONNX Runtime is handed, and a rewritten copy.
      long needed = 3 * size;
      if (needed > Runtime.getRuntime().maxMemory()) {
        throw DataException.in(
            file,
            String.format(
                Locale.ROOT,
                "%d MiB; reading it takes about three times that of Java's memory, which is %d MiB."
                    + " Set a larger -Xmx",
                size >> 20,
                Runtime.getRuntime().maxMemory() >> 20));
      }
      return new OnnxModelFile(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "no such file; an ONNX model was expected", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /**
   * Checks a model that is in memory already.
   *
   * @param bytes the file's bytes; they belong to the model once given
   * @param name what errors call it
   */
  public static OnnxModelFile of(byte[] bytes, String name) {
    return new OnnxModelFile(name, bytes);
  }

  /** What errors call the model: its path, usually. */
  public String name() {
    return name;
  }

  /** The bytes as read; callers must not change them. */
  public byte[] bytes() {
    return bytes;
  }

  /** The parsed model; its tensors share memory with {@link #bytes()}. */
  public Onnx.ModelProto proto() {
    return proto;
  }

  /** SHA-256 of the bytes, as {@code sha256sum} prints it. */
  public String sha256() {
    return sha256;
  }

  /** Version of the default operator set, 0 if the model imports none. */
  public static int opset(Onnx.ModelProto model) {
    return model.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToInt(set -> (int) Math.min(Integer.MAX_VALUE, set.getVersion()))
        .max()
        .orElse(0);
  }

  private static Onnx.ModelProto parse(String name, byte[] bytes) {
    try {
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      // Weights stay where they are instead of being copied.
      in.enableAliasing(true);
      return Onnx.ModelProto.parseFrom(in);
    } catch (IOException e) {
      throw new DataException(
          name + ": not an ONNX model, or a truncated one (" + e.getMessage() + ")", e);
    }
  }

  private static void check(String name, Onnx.ModelProto model) {
    if (model.getIrVersion() < 1 || !model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new DataException(
          name + ": not an ONNX model (no version of the format, or no graph in it)");
    }
    if (model.getGraph().getOutputCount() == 0) {
      throw new DataException(name + ": the ONNX graph has no output");
    }
    refuseExternalData(name, model.getGraph());
  }

  private static void refuseExternalData(String name, Onnx.GraphProto graph) {
    refuseExternalTensors(name, graph.getInitializerList());
    for (Onnx.SparseTensorProto sparse : graph.getSparseInitializerList()) {
      refuseExternalTensors(name, List.of(sparse.getValues(), sparse.getIndices()));
    }
    for (Onnx.NodeProto node : graph.getNodeList()) {
      for (Onnx.AttributeProto attribute : node.getAttributeList()) {
        refuseExternalTensors(name, attribute.getTensorsList());
        if (attribute.hasT()) {
          refuseExternalTensors(name, List.of(attribute.getT()));
        }
        // Protobuf bounds the depth of nesting when it parses.
        if (attribute.hasG()) {
          refuseExternalData(name, attribute.getG());
        }
        for (Onnx.GraphProto inner : attribute.getGraphsList()) {
          refuseExternalData(name, inner);
        }
      }
    }
  }

  private static void refuseExternalTensors(String name, List<Onnx.TensorProto> tensors) {
    for (Onnx.TensorProto tensor : tensors) {
      if (tensor.getDataLocation() == Onnx.TensorProto.DataLocation.EXTERNAL
          || tensor.getExternalDataCount() > 0) {
        throw new DataException(
            name
                + ": the tensor "
                + tensor.getName()
                + " is kept in another file (external data), which is not supported; save the model"
                + " as one file");
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
