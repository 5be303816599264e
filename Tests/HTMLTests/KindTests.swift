import HTML
import Testing

/// Each place where a URL may stand, and its kind.
@Suite struct KindTests {
  @Test(arguments: [
    FindCase("<a href='/x'>", "link|/x"), FindCase("<area href=x>", "link|x"), FindCase("<A HREF=X>", "link|X"),
    FindCase("<link rel=stylesheet href=a.css>", "stylesheet|a.css"),
    FindCase("<link href=a.css rel='Alternate StyleSheet'>", "stylesheet|a.css"),
    FindCase("<link rel='shortcut icon' href=i>", "icon|i"), FindCase("<link rel=apple-touch-icon href=i>", "icon|i"),
    FindCase("<link rel=mask-icon href=i>", "icon|i"), FindCase("<link rel=preload href=p>", "preload|p"),
    FindCase("<link rel=modulepreload href=p>", "modulePreload|p"),
    FindCase("<link rel=manifest href=m>", "manifest|m"),
    FindCase("<link rel=alternate type=application/atom+xml href=f>", "feed|f"),
    FindCase("<link rel=alternate type='application/feed+json; charset=utf-8' href=f>", "feed|f"),
    FindCase("<link rel=alternate hreflang=de href=f>", "alternate|f"),
    FindCase("<link rel=canonical href=c>", "canonical|c"), FindCase("<link rel=next href=c>", "otherLink|c"),
    FindCase("<link rel=\"a\nstylesheet\" href=c>", "stylesheet|c"), FindCase("<link href=c>", "otherLink|c"),
    FindCase(
      "<link rel=preload as=image imagesrcset='a 1x, b 2x' href=c>", "srcset|a", "srcset|b", "preload|c"),
    FindCase("<img src=a>", "image|a"), FindCase("<input type=IMAGE src=a>", "image|a"), FindCase("<input src=a>"),
    FindCase("<img srcset=a,b>", "srcset|a,b"), FindCase("<source srcset='a 1x' src=b>", "srcset|a", "media|b"),
    FindCase("<body background=a>", "image|a"), FindCase("<div background=a>"),
    FindCase("<video poster=a src=b>", "poster|a", "media|b"), FindCase("<audio src=a>", "media|a"),
    FindCase("<track src=a>", "media|a"), FindCase("<script src=a></script>", "script|a"),
    FindCase("<script src=a type=module></script>", "moduleScript|a"), FindCase("<iframe src=a></iframe>", "frame|a"),
    FindCase("<frame src=a>", "frame|a"), FindCase("<embed src=a>", "embed|a"), FindCase("<object data=a>", "object|a"),
    FindCase("<form action=a>", "formAction|a"), FindCase("<button formaction=a>", "formAction|a"),
    FindCase("<input formaction=a>", "formAction|a"), FindCase("<q cite=a>", "citation|a"),
    FindCase("<blockquote cite=a>", "citation|a"), FindCase("<div cite=a>"), FindCase("<base href=a>", "base|a"),
    FindCase("<div data-src=a data-href=b href=c src=d>"), FindCase("<p data=a poster=b action=c>"),
    FindCase("<meta property=og:image content=a>", "metaImage|a"),
    FindCase("<meta content=a property='og:image:url'>", "metaImage|a"),
    FindCase("<meta property=og:video content=a>", "metaImage|a"),
    FindCase("<meta property=OG:Audio content=a>", "metaImage|a"),
    FindCase("<meta name=twitter:image content=a>", "metaImage|a"),
    FindCase("<meta name=msapplication-TileImage content=a>", "metaImage|a"),
    FindCase("<meta property=x name=twitter:image itemprop=y content=a>", "metaImage|a"),
    FindCase("<meta property=og:url content=a>", "metaURL|a"), FindCase("<meta name=description content=a>"),
    FindCase("<meta property=og:title content=a>"), FindCase("<meta content=a>"),
    FindCase("<p style='background:url(a)'>", "cssURL|a"),
    FindCase("<style>@import 'a';b{c:url(d)}</style>", "cssImport|a", "cssURL|d"),
    FindCase("<style type='text/css'>b{c:url(d)}</style>", "cssURL|d"),
    FindCase("<style type=text/less>b{c:url(d)}</style>"),
  ])
  func html(_ expected: FindCase) {
    #expect(Language.html.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    FindCase("<svg><a href=a></a><a xlink:href=b></a></svg>", "link|a", "link|b"),
    FindCase("<a xlink:href=b></a>"), FindCase("<svg><image href=a /></svg>", "image|a"),
    FindCase("<svg><image xlink:href=a /></svg>", "image|a"), FindCase("<svg><feImage href=a /></svg>", "image|a"),
    FindCase("<svg><use href='s.svg#x'/></svg>", "svgReference|s.svg#x"),
    FindCase("<svg><linearGradient xlink:href='#g'/></svg>", "svgReference|#g"),
    FindCase(
      "<svg><path fill='url(#a)' marker-end='none' clip-path=\"url('b.svg#c')\"/></svg>", "cssURL|#a", "cssURL|b.svg#c"),
    FindCase("<p fill='url(a)'>"), FindCase("<svg></svg><use href=a>"),
    FindCase("<svg><script href=a></script></svg>", "script|a"),
    FindCase("<svg><style>a{b:url(c?d&amp;e)}</style></svg>", "cssURL|c?d&e"),
    FindCase("<svg><style><![CDATA[a{b:url(c?d&amp;e)}]]></style></svg>", "cssURL|c?d&amp;e"),
  ])
  func svgInsideHTML(_ expected: FindCase) {
    #expect(Language.html.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    FindCase("<?xml-stylesheet type='text/css' href='a.css?b&amp;c'?><svg/>", "stylesheet|a.css?b&c"),
    FindCase("<?xml version='1.0' href='a'?><svg/>"), FindCase("<?xml-stylesheet href='a"),
    FindCase("<svg><use xlink:href='a'/><image href='b'/></svg>", "svgReference|a", "image|b"),
    FindCase("<svg><title><image href='b'/></title></svg>", "image|b"),
    FindCase("<!DOCTYPE svg [ <!ENTITY e \"<a href='x'>\"> ]><svg><a href='y'/></svg>", "link|y"),
    FindCase("<svg><!--> <a href='x'/> --><![CDATA[<a href='x'/>]]><a href='y'/></svg>", "link|y"),
    FindCase("<svg><style>@font-face{src:url(f)}</style><a style='b:url(c)'/></svg>", "cssFont|f", "cssURL|c"),
    FindCase(
      "<svg><foreignObject><p><img src='a'/></p></foreignObject><use href='b'/></svg>", "image|a", "svgReference|b"),
  ])
  func svgFile(_ expected: FindCase) {
    #expect(Language.svg.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    FindCase("<meta http-equiv=refresh content='5; url=a'>", "refresh|a"),
    FindCase("<meta http-equiv=Refresh content='0;URL = \"a b\" c'>", "refresh|a b"),
    FindCase("<meta http-equiv=refresh content='1.5,a'>", "refresh|a"),
    FindCase("<meta http-equiv=refresh content='1 a'>", "refresh|a"),
    FindCase("<meta http-equiv=refresh content=\"0; url='a?b&amp;c'\">", "refresh|a?b&c"),
    FindCase("<meta http-equiv=refresh content='0; url=&quot;a&quot;'>", "refresh|a"),
    FindCase("<meta http-equiv=refresh content='5'>"), FindCase("<meta http-equiv=refresh content='x; url=a'>"),
    FindCase("<meta http-equiv=refresh content='5; url='>"), FindCase("<meta http-equiv=x content='5; url=a'>"),
  ])
  func refresh(_ expected: FindCase) {
    #expect(Language.html.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    FindCase("<img srcset='a'>", "srcset|a"), FindCase("<img srcset=' a 1x , b 2x'>", "srcset|a", "srcset|b"),
    FindCase("<img srcset='a 1x,b 2x,'>", "srcset|a", "srcset|b"),
    FindCase("<img srcset='a, b'>", "srcset|a", "srcset|b"),
    FindCase("<img srcset='a,,, b'>", "srcset|a", "srcset|b"),
    FindCase("<img srcset='a (x,y) 1x, b'>", "srcset|a", "srcset|b"),
    FindCase("<img srcset='data:,a 1x, b'>", "srcset|data:,a", "srcset|b"), FindCase("<img srcset=' , '>"),
    FindCase("<img srcset=''>"), FindCase("<img srcset='a?b&amp;c 1x,&#32;d 2x'>", "srcset|a?b&c", "srcset|d"),
  ])
  func srcset(_ expected: FindCase) {
    #expect(Language.html.found(in: expected.document) == expected.expected)
  }

  @Test func everyKindIsPageOrAssetOrBase() {
    for kind in URLKind.allCases { #expect([kind.isPageLink, kind.isAsset, kind == .base].count { $0 } == 1) }
    #expect(URLKind.allCases.filter(\.mustBeAbsolute) == [.canonical, .metaURL, .metaImage])
  }
}
