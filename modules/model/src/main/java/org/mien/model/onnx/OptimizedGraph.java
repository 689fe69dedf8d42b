package org.mien.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import onnx.Onnx;
import org.mien.core.error.DataException;

/**
 * A graph with constants computed and batch normalisation folded into convolutions, by ONNX
 * Runtime's own basic optimisations: they keep to ONNX's operators, so that the result is a
 * portable model again.
 */
final class OptimizedGraph {
  private OptimizedGraph() {}

  /**
   * Returns an equivalent, simpler model of the same operator set.
   *
   * @param name what errors call it
   * @throws DataException if ONNX Runtime cannot load it
   */
  static Onnx.ModelProto of(Onnx.ModelProto model, String name) {
    Path file = null;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      file = Files.createTempFile("mien-optimized", ".onnx");
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      options.setOptimizedModelFilePath(file.toString());
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "mien")
          .createSession(model.toByteArray(), options)
          .close();
      return cleaned(Onnx.ModelProto.parseFrom(Files.readAllBytes(file)), model);
    } catch (OrtException e) {
      throw new DataException(name + ": ONNX Runtime cannot load it: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new DataException(name + ": no temporary file can be written for it", e);
    } finally {
      delete(file);
    }
  }

  /** ONNX Runtime lists all operator sets that it knows, and drops what it does not need. */
  private static Onnx.ModelProto cleaned(Onnx.ModelProto optimized, Onnx.ModelProto original) {
    Set<String> domains = new HashSet<>();
    optimized.getGraph().getNodeList().forEach(node -> domains.add(domain(node.getDomain())));
    domains.add("");
    Onnx.ModelProto.Builder result =
        optimized.toBuilder()
            .clearOpsetImport()
            .clearMetadataProps()
            .addAllMetadataProps(original.getMetadataPropsList())
            .setProducerName(original.getProducerName())
            .setProducerVersion(original.getProducerVersion());
    optimized.getOpsetImportList().stream()
        .filter(set -> domains.contains(domain(set.getDomain())))
        .forEach(result::addOpsetImport);
    return result.build();
  }

  private static String domain(String name) {
    return name.equals("ai.onnx") ? "" : name;
  }

  private static void delete(Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
    }
  }
}
