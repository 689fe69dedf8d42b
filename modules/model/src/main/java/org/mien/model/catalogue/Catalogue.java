package org.mien.model.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;

/**
 * What is known of pretrained networks: where they come from, their terms, their input contract and
 * published figures. Nothing is downloaded.
 *
 * @param networks in the order they are shown
 */
public record Catalogue(@Setting("The networks.") List<PretrainedNetwork> networks) {
  private static final String RESOURCE = "pretrained.yaml";

  public Catalogue {
    networks = List.copyOf(networks);
    Set<String> names = new HashSet<>();
    for (PretrainedNetwork network : networks) {
      if (!names.add(network.name())) {
        throw new IllegalArgumentException("two networks are called " + network.name());
      }
    }
  }

  /** Reads the catalogue that is shipped. */
  public static Catalogue shipped() {
    try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      String yaml = new String(in.readAllBytes(), UTF_8);
      return ConfigLoader.parse(yaml, RESOURCE, Catalogue.class, List.of(), Map.of()).value();
    } catch (IOException e) {
      throw new UncheckedIOException("the catalogue of networks cannot be read", e);
    }
  }

  /** The network of a name. */
  public Optional<PretrainedNetwork> named(String name) {
    return networks.stream().filter(network -> network.name().equals(name)).findFirst();
  }
}
