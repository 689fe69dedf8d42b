package org.mien.model.backbone;

/** Which network turns an image into features, chosen by {@code type:}. */
public sealed interface BackboneConfig
    permits ResNetConfig, SmallResNetConfig, OnnxBackboneConfig, BuiltInBackboneConfig {}
