/// The program's version, as semantic versioning writes it.
public let colophonVersion = "0.1.0"
