/// The same machine elsewhere: another voltage and clock, another board, another size of array, by name.
///
/// A variant is a list of settings, each as `--set` takes it. `--set variant=NAME` chooses one; settings behind it on the
/// command line go on top of it.
package struct Variant: Hashable, Sendable {
  package var name: String
  /// Keys and their values as text, in the order of the file.
  ///
  /// A value that begins with `×` multiplies what stands under the key, so that it follows a number that a calibration
  /// changed.
  package var settings: [Setting]

  package init(name: String, settings: [Setting]) {
    self.name = name
    self.settings = settings
  }

  /// A key with its value: "clock", "370 MHz".
  package struct Setting: Hashable, Sendable {
    package var key: String
    package var value: String

    package init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }
}
