package org.mien.cli;

import com.beust.jcommander.Parameter;
import java.util.Optional;
import org.mien.core.error.ConfigException;
import org.mien.model.embed.Engine;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.onnx.Provider;

/** What runs a model's network. */
final class EngineOption {
  @Parameter(
      names = "--engine",
      description =
          "What runs a network of Deeplearning4j: auto (ONNX Runtime where it gives the same"
              + " vectors), nd4j, or onnx-runtime")
  private String engine = "auto";

  @Parameter(
      names = "--provider",
      description = "What ONNX Runtime computes on: auto (a GPU if there is one), cpu, or cuda")
  private String provider = "auto";

  @Parameter(
      names = "--intra-op-threads",
      description = "Threads that share one operator of ONNX Runtime; 1 is best for many images")
  private int intraOpThreads = 1;

  Engine engine() {
    return switch (engine) {
      case "auto" -> Engine.AUTO;
      case "nd4j" -> Engine.ND4J;
      case "onnx-runtime" -> Engine.ONNX_RUNTIME;
      default ->
          throw new ConfigException("--engine: expected auto, nd4j or onnx-runtime, was " + engine);
    };
  }

  OnnxEmbedder.Options options() {
    Provider wanted =
        switch (provider) {
          case "auto" -> Provider.AUTO;
          case "cpu" -> Provider.CPU;
          case "cuda" -> Provider.CUDA;
          default ->
              throw new ConfigException("--provider: expected auto, cpu or cuda, was " + provider);
        };
    if (intraOpThreads < 1) {
      throw new ConfigException("--intra-op-threads: expected at least 1, was " + intraOpThreads);
    }
    return new OnnxEmbedder.Options(
        Runtime.getRuntime().availableProcessors(), intraOpThreads, wanted, Optional.empty());
  }
}
