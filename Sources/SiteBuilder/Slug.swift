/// Text as a part of a URL: lower case, runs of what is no letter, digit, `_` or `.` become one hyphen; letters of any script stay.
///
/// `Über uns & mehr` → `über-uns-mehr`. Empty where nothing stays.
func slug(_ text: String) -> String {
  var slug = ""
  var isGap = false
  for scalar in text.lowercased().unicodeScalars {
    let properties = scalar.properties
    let stays =
      properties.isAlphabetic || properties.numericType != nil || scalar == "_" || scalar == "."
      || properties.generalCategory == .nonspacingMark
    if stays {
      if isGap, !slug.isEmpty { slug.append("-") }
      isGap = false
      slug.unicodeScalars.append(scalar)
    } else if scalar != "'" && scalar != "\u{2019}" {
      isGap = true
    }
  }
  return slug
}
