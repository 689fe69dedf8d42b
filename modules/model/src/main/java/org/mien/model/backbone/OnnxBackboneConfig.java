package org.mien.model.backbone;

import java.nio.file.Path;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.Preprocessing;

/**
 * A pretrained network in an ONNX file.
 *
 * @param file the network
 * @param preprocessing its input contract; wins over the descriptor
 * @param descriptor a file that states the input contract; by default the YAML file of the same
 *     name beside the network
 */
@TypeName("onnx")
public record OnnxBackboneConfig(
    @Setting("The network, an .onnx file.") Path file,
    @Setting("Input contract; without it the descriptor's.") Optional<Preprocessing> preprocessing,
    @Setting("Descriptor of the network; by default NAME.yaml beside NAME.onnx.")
        Optional<Path> descriptor)
    implements BackboneConfig {

  @Override
  public Optional<Preprocessing> statedInput() {
    return preprocessing;
  }
}
