import Images
import Testing

@Suite struct ImageOperationTests {
  static let wide = ImageInfo(.jpeg, 3000, 2000)

  static func operation(
    _ width: Int?, _ height: Int?, _ mode: ImageOperation.Mode = .fit, _ focus: ImageOperation.Focus = .center,
    of picture: ImageInfo = wide
  ) -> ImageOperation {
    ImageOperation(picture, width: width, height: height, mode: mode, focus: focus, format: .webp, quality: 80)
  }

  @Test(
    arguments: [
      (800, nil, 800, 533), (nil, 800, 1200, 800), (nil, nil, 3000, 2000), (800, 800, 800, 533), (800, 100, 150, 100),
      (9000, nil, 3000, 2000), (9000, 1000, 1500, 1000), (1, nil, 1, 1),
    ] as [(Int?, Int?, Int, Int)])
  func fit(_ width: Int?, _ height: Int?, becomesWide: Int, high: Int) {
    let result = Self.operation(width, height)
    #expect(result.width == becomesWide && result.height == high && result.crop == nil)
  }

  /// A picture so flat that its height says little of its width.
  @Test func theGivenSideIsExact() {
    let flat = ImageInfo(.png, 1000, 40)
    #expect(Self.operation(480, nil, of: flat).width == 480 && Self.operation(480, nil, of: flat).height == 19)
    #expect(Self.operation(nil, 19, of: flat).height == 19 && Self.operation(nil, 19, of: flat).width == 475)
  }

  @Test(arguments: [(800, 800), (800, 100), (100, 800), (4000, 4000), (3000, 2000), (1, 1)])
  func fillIsExact(_ width: Int, _ height: Int) {
    for focus in ImageOperation.Focus.allCases {
      let result = Self.operation(width, height, .fill, focus)
      #expect(result.width == width && result.height == height)
      #expect(result.scaledWidth >= width && result.scaledHeight >= height)
      if let crop = result.crop {
        #expect(crop.left >= 0 && crop.left + crop.width <= result.scaledWidth)
        #expect(crop.top >= 0 && crop.top + crop.height <= result.scaledHeight)
      }
    }
  }

  @Test func focusDecidesWhatStays() {
    #expect(Self.operation(1000, 1000, .fill, .left).crop?.left == 0)
    #expect(Self.operation(1000, 1000, .fill, .center).crop?.left == 250)
    #expect(Self.operation(1000, 1000, .fill, .right).crop?.left == 500)
    #expect(Self.operation(3000, 1000, .fill, .top).crop?.top == 0)
    #expect(Self.operation(3000, 1000, .fill, .bottom).crop?.top == 1000)
  }

  @Test func cropDoesNotScale() {
    let result = Self.operation(100, 9000, .crop)
    #expect(result.scaledWidth == 3000 && result.scaledHeight == 2000)
    #expect(result.width == 100 && result.height == 2000)
  }

  @Test func differentOperationsHaveDifferentFingerprints() {
    let operations = [
      Self.operation(800, nil), Self.operation(801, nil), Self.operation(800, 800, .fill),
      Self.operation(800, 800, .fill, .left), Self.operation(800, 800, .crop),
      ImageOperation(Self.wide, width: 800, height: nil, format: .jpeg, quality: 80),
      ImageOperation(Self.wide, width: 800, height: nil, format: .webp, quality: 81),
    ]
    #expect(Set(operations.map(\.fingerprint)).count == operations.count)
  }
}
